// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using Endurance.Protocol;
using Peregrine;

namespace Endurance.Soak;

/// <summary>
/// Calls of all kinds for a long time, many of them cancelled, out of time or abandoned: every call ends with exactly one status that
/// it may end with, both sides count alike, and nothing is left of it: memory, streams, timers, sockets, threads.
/// </summary>
internal static class SoakRun
{
    private const int Workers = 64;

    // What the runtime's own caches may take on the way: pools, compiled code, the heap's slack.
    private const int MostGrowth = 40;
    private const int MostManagedGrowth = 5;

    public static async Task<int> RunAsync(Flags flags)
    {
        TimeSpan time = flags.Seconds("seconds", 30);
        int seed = flags.Number("seed", Environment.TickCount & int.MaxValue);
        Report report = new();
        report.Figure("seed", $"{seed}");
        await using TargetProcess server = await TargetProcess.StartAsync();
        SoakCalls warmUp = new(server.Address, seed);
        await RunAsync(warmUp, TimeSpan.FromSeconds(Math.Min(10, time.TotalSeconds / 3)));
        Measurement before = await server.MeasureUntilAsync(m => m.Handlers == 0);
        long managedBefore = GC.GetTotalMemory(forceFullCollection: true);
        long timersBefore = Timer.ActiveCount;

        SoakCalls calls = new(server.Address, seed);
        await RunAsync(calls, time);
        Measurement after = await server.MeasureUntilAsync(
            m => m.Handlers == 0 && m.CallsStarted == m.CallsEnded.Values.Sum() && m.Descriptors <= before.Descriptors);

        Describe(report, calls, before, after, time);
        report.Check("no call ended as it may not", calls.Wrong.IsEmpty, string.Join("; ", calls.Wrong.Take(5)));
        long started = after.CallsStarted - before.CallsStarted;
        long ended = after.CallsEnded.Values.Sum() - before.CallsEnded.Values.Sum();

        // Each measure is a call, too, which has ended when the next one asks.
        report.Check("every call that began on the server has ended there once", started == ended, $"{started} began, {ended} ended");
        long served = Ended(after, StatusCode.OK) - Ended(before, StatusCode.OK);
        long mostServed = calls.Ended(StatusCode.OK) + calls.Ended(StatusCode.Cancelled) + calls.Ended(StatusCode.DeadlineExceeded) + after.Measures - before.Measures;
        report.Check(
            "the server counts as many calls with OK as the client, and at most those besides that the client gave up",
            served >= calls.Ended(StatusCode.OK) && served <= mostServed,
            $"client {calls.Ended(StatusCode.OK)}, server {served}, at most {mostServed}");
        report.Check("no handler runs", after.Handlers == 0, $"{after.Handlers} do");
        report.Check("no socket is left", after.Descriptors <= before.Descriptors, $"{before.Descriptors} before, {after.Descriptors} after");
        report.AtMost("growth of the server's memory in MB", MostGrowth, (after.ResidentOctets - before.ResidentOctets) / 1e6);
        report.AtMost("growth of the server's managed memory in MB", MostManagedGrowth, (after.ManagedOctets - before.ManagedOctets) / 1e6);
        report.AtMost("growth of the client's managed memory in MB", MostManagedGrowth, (GC.GetTotalMemory(forceFullCollection: true) - managedBefore) / 1e6);
        report.AtMost("timers of the client more than before", 8, Timer.ActiveCount - timersBefore);
        return report.Finish("soak");
    }

    private static long Ended(Measurement measurement, StatusCode code) => measurement.CallsEnded[(int)code];

    private static async Task RunAsync(SoakCalls calls, TimeSpan time)
    {
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(() => calls.RunAsync(worker, () => Stopwatch.GetElapsedTime(start) < time))));
        calls.Dispose();
    }

    private static void Describe(Report report, SoakCalls calls, Measurement before, Measurement after, TimeSpan time)
    {
        IEnumerable<string> counts = Enum.GetValues<StatusCode>().Where(code => calls.Ended(code) > 0)
            .Select(code => string.Create(CultureInfo.InvariantCulture, $"{code} {calls.Ended(code)}"));
        report.Figure("calls", $"{calls.Total} in {time.TotalSeconds} s: {string.Join(", ", counts)}");
        report.Figure("server", $"resident {before.ResidentOctets / 1e6:F1} -> {after.ResidentOctets / 1e6:F1} MB, managed {before.ManagedOctets / 1e6:F1} -> {after.ManagedOctets / 1e6:F1} MB, {before.Threads} -> {after.Threads} threads, {before.Descriptors} -> {after.Descriptors} descriptors");
    }
}
