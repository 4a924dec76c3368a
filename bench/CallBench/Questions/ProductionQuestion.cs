// SPDX-License-Identifier: Apache-2.0
using CallBench.Clients;
using CallBench.Measuring;

namespace CallBench.Questions;

/// <summary>What a call costs as production makes it: TLS, a deadline, eight entries of metadata, an interceptor on each side, 256 B.</summary>
internal static class ProductionQuestion
{
    public static async Task RunAsync(RunSettings settings)
    {
        string tls = TlsFiles.Create();
        try
        {
            await using Contest contest = await Contest.StartAsync(
                settings, Contestant.Crosswise, "tls=" + tls, "production=1", "interceptor=1");
            await contest.WarmUpAsync("unary size=256 inflight=100");
            foreach (int inFlight in (int[])[100, 1])
            {
                await contest.AnswerAsync(
                    $"production, 256 B, {inFlight} in flight",
                    $"unary size=256 inflight={inFlight}",
                    [Column.PerSecond, Column.P50, Column.P99, Column.ClientCpu, Column.ServerCpu, Column.ClientAllocated, Column.ServerAllocated]);
            }
        }
        finally
        {
            Directory.Delete(tls, recursive: true);
        }
    }
}
