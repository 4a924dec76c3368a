// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using Grpc.Testing;
using Peregrine;
using Peregrine.Client;

namespace Interop.Client;

/// <summary>Many large unary calls, on one channel or each on a channel of its own; prints each call and a summary.</summary>
internal sealed class SoakCases
{
    private readonly InteropTarget _target;
    private readonly Func<SimpleRequest, Task<SimpleResponse>> _call;
    private readonly int _iterations;
    private readonly int _threads;
    private readonly TimeSpan _slowest;
    private readonly TimeSpan _pause;
    private readonly TimeSpan _patience;
    private readonly List<double> _milliseconds = [];
    private int _failures;

    private SoakCases(InteropTarget target, Func<SimpleRequest, Task<SimpleResponse>> call)
    {
        CommandLine flags = target.Flags;
        _target = target;
        _call = call;
        _iterations = flags.Number("soak_iterations");
        _threads = Math.Max(1, flags.Number("soak_num_threads"));
        _slowest = TimeSpan.FromMilliseconds(flags.Number("soak_per_iteration_max_acceptable_latency_ms"));
        _pause = TimeSpan.FromMilliseconds(flags.Number("soak_min_time_ms_between_rpcs"));
        _patience = TimeSpan.FromSeconds(flags.Number("soak_overall_timeout_seconds"));
        if (_iterations % _threads != 0)
        {
            throw new UsageException($"--soak_iterations={_iterations} cannot be divided evenly among --soak_num_threads={_threads}.");
        }
    }

    public static Task RpcSoakAsync(InteropTarget target) =>
        new SoakCases(target, request => target.Client.UnaryCallAsync(request).ResponseAsync).RunAsync();

    public static Task ChannelSoakAsync(InteropTarget target) => new SoakCases(target, async request =>
    {
        using GrpcChannel channel = target.Open();
        return await new TestService.TestServiceClient(channel).UnaryCallAsync(request);
    }).RunAsync();

    private async Task RunAsync()
    {
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, _threads).Select(_ => Task.Run(() => RunSequenceAsync(start))));

        int allowed = _target.Flags.Number("soak_max_failures");
        _milliseconds.Sort();
        Console.WriteLine(
            $"soak test ran: {_milliseconds.Count} / {_iterations} iterations. total failures: {_failures}. max failures threshold: {allowed}. "
            + $"milliseconds per iteration: median {Percentile(50):F1}, 90th percentile {Percentile(90):F1}, worst {Percentile(100):F1}. "
            + $"server_uri: {_target.Uri}");
        Expect.Equal(_iterations, _milliseconds.Count, $"iterations within {_patience.TotalSeconds} seconds");
        if (_failures > allowed)
        {
            throw new CaseFailedException($"failures: expected at most {allowed}, but {_failures} came.");
        }
    }

    private async Task RunSequenceAsync(long start)
    {
        for (int i = 0; i < _iterations / _threads && Stopwatch.GetElapsedTime(start) < _patience; i++)
        {
            Task pause = Task.Delay(_pause);
            long begin = Stopwatch.GetTimestamp();
            string? failure = await FindFailureAsync();
            TimeSpan elapsed = Stopwatch.GetElapsedTime(begin);
            failure ??= elapsed > _slowest ? $"it took longer than {_slowest.TotalMilliseconds} ms" : null;
            Record(i, elapsed, failure);
            await pause;
        }
    }

    private async Task<string?> FindFailureAsync()
    {
        SimpleRequest request = new()
        {
            ResponseSize = _target.Flags.Number("soak_response_size"),
            Payload = Messages.Zeros(_target.Flags.Number("soak_request_size")),
        };
        try
        {
            Expect.Zeros(request.ResponseSize, (await _call(request)).Payload, "response");
            return null;
        }
        catch (RpcException e)
        {
            return $"{e.StatusCode}: {e.Status.Detail}";
        }
        catch (CaseFailedException e)
        {
            return e.Message;
        }
    }

    private void Record(int iteration, TimeSpan elapsed, string? failure)
    {
        lock (_milliseconds)
        {
            _milliseconds.Add(elapsed.TotalMilliseconds);
            _failures += failure is null ? 0 : 1;
        }

        Console.WriteLine(
            $"soak iteration: {iteration} elapsed_ms: {elapsed.TotalMilliseconds:F0} server_uri: {_target.Uri} {(failure is null ? "succeeded" : $"failed: {failure}")}");
    }

    private double Percentile(int percent) =>
        _milliseconds.Count == 0 ? 0 : _milliseconds[Math.Max(0, (int)Math.Ceiling(_milliseconds.Count * percent / 100.0) - 1)];
}
