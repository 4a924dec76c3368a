// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;

namespace Endurance;

/// <summary>This program once more, in a process of its own: a server, an attacker, a load.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public static ChildProcess Start(params IEnumerable<string> args) => StartProgram(Environment.ProcessPath!, args);

    /// <summary>Starts it with a limit of open descriptors.</summary>
    public static ChildProcess StartLimited(int descriptors, params IEnumerable<string> args) =>
        StartProgram("/bin/sh", ["-c", $"ulimit -n {descriptors}; exec \"$@\"", "sh", Environment.ProcessPath!, .. args]);

    private static ChildProcess StartProgram(string program, IEnumerable<string> args)
    {
        ProcessStartInfo start = new(program) { RedirectStandardOutput = true, RedirectStandardInput = true };
        foreach (string argument in args)
        {
            start.ArgumentList.Add(argument);
        }

        return new ChildProcess(Process.Start(start) ?? throw new InvalidOperationException("The process did not start."));
    }

    /// <summary>The next line that it prints.</summary>
    /// <exception cref="EndOfStreamException">It has ended.</exception>
    public async Task<string> ReadLineAsync() =>
        await _process.StandardOutput.ReadLineAsync() ?? throw new EndOfStreamException("The process ended and printed nothing more.");

    /// <summary>Waits until it is ready (<see cref="StartSignal"/>).</summary>
    public async Task WaitUntilReadyAsync()
    {
        if (await ReadLineAsync() != StartSignal.Ready)
        {
            throw new InvalidOperationException("The process did not say that it is ready.");
        }
    }

    /// <summary>Lets it begin.</summary>
    public Task BeginAsync() => _process.StandardInput.WriteLineAsync(StartSignal.Begin);

    public void Kill() => _process.Kill();

    /// <summary>Ends its input, which asks a server to drain.</summary>
    public void EndInput() => _process.StandardInput.Close();

    public Task WaitForExitAsync() => _process.WaitForExitAsync();

    /// <summary>The most memory that was resident at a time, in octets, since the last <see cref="ResetPeak"/>.</summary>
    public long PeakResident() => ReadStatus("VmHWM:");

    /// <summary>How many descriptors it has open.</summary>
    public int CountDescriptors() => Directory.GetFileSystemEntries($"/proc/{Id}/fd").Length;

    public void ResetPeak() => File.WriteAllText($"/proc/{Id}/clear_refs", "5");

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private long ReadStatus(string name)
    {
        string line = File.ReadLines($"/proc/{Id}/status").First(line => line.StartsWith(name, StringComparison.Ordinal));
        return 1024 * long.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
    }
}
