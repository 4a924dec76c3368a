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

    private static string Here => AppContext.BaseDirectory.TrimEnd('/');

    /// <summary>Starts one of the programs of this folder's projects, as they were built beside this one.</summary>
    public static MeasuredProcess Start(string program, params IEnumerable<string> args)
    {
        // artifacts/bin/CallBench/release/ -> artifacts/bin/PROGRAM/release/PROGRAM.dll
        string assembly = Path.GetFullPath(Path.Combine(Here, "..", "..", program, Path.GetFileName(Here), program + ".dll"));
        string host = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";
        return Start(program, host, [assembly, .. args]);
    }

    /// <summary>Starts a program that bench/peers/build.sh has built.</summary>
    public static MeasuredProcess StartPeer(string program, params IEnumerable<string> args) => Start(program, PathOf(program), args);

    /// <summary>Whether bench/peers/build.sh has built this program.</summary>
    public static bool IsBuilt(string peer) => File.Exists(PathOf(peer));

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

    // artifacts/bin/CallBench/release/ -> artifacts/bench-peers/PROGRAM
    private static string PathOf(string peer) => Path.GetFullPath(Path.Combine(Here, "..", "..", "..", "bench-peers", peer));

    private static MeasuredProcess Start(string name, string file, IEnumerable<string> args)
    {
        ProcessStartInfo start = new(file, args) { RedirectStandardInput = true, RedirectStandardOutput = true };
        return new MeasuredProcess(
            Process.Start(start) ?? throw new InvalidOperationException($"{file} did not start."), string.Join(' ', [name, .. args]));
    }
}
