// SPDX-License-Identifier: Apache-2.0

namespace Peregrine.Cli.Tests;

/// <summary>Runs the tool in this process, on files of a new folder with a blank in its name.</summary>
internal sealed class CommandLine : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();

    /// <summary>The folder.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("peregrine cli ").FullName;

    /// <summary>What was printed on standard output.</summary>
    public string Output => _output.ToString();

    /// <summary>What was printed on standard error.</summary>
    public string Errors => _errors.ToString();

    /// <summary>The bytes on standard input.</summary>
    public byte[] Input { get; set; } = [];

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
    public int Run(params string[] args)
    {
        MemoryStream output = new();
        int code = Program.Run(args, _output, _errors, new ByteStreams(() => new MemoryStream(Input), () => output));
        OutputBytes = output.ToArray();
        return code;
    }

    /// <summary>Runs <c>peregrine compile -I FOLDER</c> with more arguments.</summary>
    /// <returns>The exit code.</returns>
    public int Compile(params string[] args) => Run(["compile", "-I", Folder, .. args]);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
