// SPDX-License-Identifier: Apache-2.0

namespace Peregrine.Cli.Tests;

/// <summary>Runs the tool in this process, on files of a new folder with a blank in its name.</summary>
internal sealed class CommandLine : IDisposable
{
    private readonly WatchedWriter _output = new();
    private readonly WatchedWriter _errors = new();

    /// <summary>The folder.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("peregrine cli ").FullName;

    /// <summary>What was printed on standard output.</summary>
    public string Output => _output.ToString();

    /// <summary>What was printed on standard error.</summary>
    public string Errors => _errors.ToString();

    /// <summary>The bytes on standard input.</summary>
    public byte[] Input { get; set; } = [];

    /// <summary>What is read as standard input; null for <see cref="Input"/>.</summary>
    public Stream? InputStream { get; set; }

    /// <summary>The bytes that were written to standard output.</summary>
    public byte[] OutputBytes { get; private set; } = [];

    /// <summary>The full path of a file in the folder.</summary>
    public string this[string name] => Path.Combine(Folder, name);

    /// <summary>Writes a file in the folder.</summary>
    public void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[name])!);
        File.WriteAllText(this[name], text);
    }

    /// <summary>The text of a file in the folder.</summary>
    public string Read(string name) => File.ReadAllText(this[name]);

    /// <summary>The names of all files below a folder of the folder, in order.</summary>
    public string[] Files(string folder) =>
    [
        .. Directory.EnumerateFiles(this[folder], "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(this[folder], path).Replace('\\', '/')).Order(StringComparer.Ordinal),
    ];

    /// <summary>Runs <c>peregrine</c> with arguments.</summary>
    /// <returns>The exit code.</returns>
    public int Run(params string[] args) => Run(args, CancellationToken.None);

    /// <summary>Runs <c>peregrine</c> with arguments, until a token says Ctrl-C.</summary>
    /// <returns>The exit code.</returns>
    public int Run(string[] args, CancellationToken cancellationToken)
    {
        MemoryStream output = new();
        int code = Program.Run(args, _output, _errors, new ByteStreams(() => InputStream ?? new MemoryStream(Input), () => output), cancellationToken);
        OutputBytes = output.ToArray();
        return code;
    }

    /// <summary>Runs <c>peregrine</c> on a thread of its own, and gives up on one that hangs.</summary>
    /// <returns>The exit code.</returns>
    public Task<int> RunAsync(params string[] args) => Task.Run(() => Run(args)).WaitAsync(TimeSpan.FromSeconds(60));

    /// <summary>Is done when a text has been printed on standard output.</summary>
    public Task PrintsAsync(string text) => _output.ContainsAsync(text);

    /// <summary>Is done when a text has been printed on standard error.</summary>
    public Task WarnsAsync(string text) => _errors.ContainsAsync(text);

    /// <summary>Forgets what was printed.</summary>
    public void Clear()
    {
        _output.Clear();
        _errors.Clear();
    }

    /// <summary>Runs <c>peregrine compile -I FOLDER</c> with more arguments.</summary>
    /// <returns>The exit code.</returns>
    public int Compile(params string[] args) => Run(["compile", "-I", Folder, .. args]);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
