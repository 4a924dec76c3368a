// SPDX-License-Identifier: Apache-2.0

using Peregrine.Cli.Commands;

namespace Peregrine.Cli.Tests.Certificates;

/// <summary>Runs <c>peregrine cert</c> in this process, in a new folder with a blank in its name, by any clock.</summary>
internal sealed class CertLine : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();

    public string Folder { get; } = Directory.CreateTempSubdirectory("peregrine cert ").FullName;

    public TimeProvider Time { get; set; } = TimeProvider.System;

    public string Output => _output.ToString();

    public string Errors => _errors.ToString();

    public string this[string name] => Path.Combine(Folder, name);

    /// <summary>Runs a command; its files are in the folder.</summary>
    public int Make(params string[] args) => Run([.. args, "--out", Folder]);

    public int Run(params string[] args) => RunAsync(args).GetAwaiter().GetResult();

    public Task<int> RunAsync(params string[] args)
    {
        _output.GetStringBuilder().Clear();
        _errors.GetStringBuilder().Clear();
        Terminal terminal = Terminal.Of(_output, _errors, new ByteStreams(() => Stream.Null, () => Stream.Null));
        return DeveloperCommands.RunAsync(["cert", .. args], terminal, CancellationToken.None, Time);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
