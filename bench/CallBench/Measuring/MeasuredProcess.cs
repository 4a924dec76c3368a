// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using Bench.Calls;

namespace CallBench.Measuring;

/// <summary>A process of its own that answers lines. It ends when its input does.</summary>
internal sealed class MeasuredProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly string _name;

    private MeasuredProcess(Process process, string name)
    {
        _process = process;
        _name = name;
    }

    /// <summary>Starts one of the programs of this folder's projects, as they were built beside this one.</summary>
    public static MeasuredProcess Start(string program, params IEnumerable<string> args)
    {
        // artifacts/bin/CallBench/release/ -> artifacts/bin/PROGRAM/release/PROGRAM.dll
        string here = AppContext.BaseDirectory.TrimEnd('/');
        string assembly = Path.Combine(here, "..", "..", program, Path.GetFileName(here), program + ".dll");
        ProcessStartInfo start = new(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        foreach (string argument in (IEnumerable<string>)[Path.GetFullPath(assembly), .. args])
        {
            start.ArgumentList.Add(argument);
        }

        return new MeasuredProcess(
            Process.Start(start) ?? throw new InvalidOperationException($"{assembly} did not start."), string.Join(' ', [program, .. args]));
    }

    public async Task<string> ReadLineAsync() =>
        await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience)
        ?? throw new EndOfStreamException($"{_name} ended; what it wrote to standard error says why.");

    public async Task<string> AskAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
        return await ReadLineAsync();
    }

    public async Task<ProcessUsage> MeasureAsync(bool collect = false) =>
        ProcessUsage.Parse(await AskAsync(collect ? ServerControl.CollectAndMeasure : ServerControl.Measure));

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(10));
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
