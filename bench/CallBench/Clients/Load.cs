// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using Bench.Calls;
using CallBench.Measuring;
using Peregrine.Protobuf;

namespace CallBench.Clients;

/// <summary>The kinds of work that a client does, each for some seconds. The answer: how many calls or messages, and <see cref="Figures"/>.</summary>
internal sealed class Load(IEchoClient[] clients)
{
    private readonly LatencyHistogram _latencies = new();
    private long _next;
    private long _done;

    public async Task<string> RunAsync(string kind, Flags flags)
    {
        _latencies.Clear();
        _done = 0;
        int size = flags.Number("size", 16);
        int messages = flags.Number("messages", 1000);
        double seconds = flags.Fraction("seconds", 1);
        Blob message = new() { Data = UnsafeByteOperations.UnsafeWrap(Content(size)) };
        long start = Stopwatch.GetTimestamp();
        long end = start + (long)(seconds * Stopwatch.Frequency);
        await (kind switch
        {
            "unary" => ClosedLoopAsync(flags.Number("inflight", 1), message, end),
            "rate" => OpenLoop.RunAsync(clients[0], message, flags.Number("rate", 1000), end, _latencies, () => Interlocked.Increment(ref _done)),
            "download" => RepeatAsync(end, messages, () => clients[0].DownloadAsync(messages, size)),
            "upload" => RepeatAsync(end, messages, () => clients[0].UploadAsync(messages, message)),
            "flow" => RepeatAsync(end, messages, () => clients[0].FlowAsync(messages, message)),
            "pingpong" => RepeatAsync(end, messages, () => clients[0].PingPongAsync(messages, message, _latencies)),
            _ => throw new ArgumentException($"\"{kind}\" is no kind of work."),
        });

        double elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Figures figures = new()
        {
            [Column.PerSecond] = _done / elapsed,
            [Column.MegabytesPerSecond] = (double)_done * size / elapsed / 1e6,
            [Column.P50] = _latencies.Percentile(0.5),
            [Column.P99] = _latencies.Percentile(0.99),
            [Column.P999] = _latencies.Percentile(0.999),
            [Column.Longest] = _latencies.Percentile(1),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{_done} {figures}");
    }

    private Task ClosedLoopAsync(int inFlight, Blob message, long end)
    {
        // Started on the pool: the first call's continuations must not run here, one after the other.
        return Task.WhenAll(Enumerable.Range(0, inFlight).Select(_ => Task.Run(() => CallUntilAsync(message, end))));
    }

    private async Task CallUntilAsync(Blob message, long end)
    {
        long now = Stopwatch.GetTimestamp();
        do
        {
            IEchoClient client = clients[clients.Length == 1 ? 0 : (int)(Interlocked.Increment(ref _next) % clients.Length)];
            await client.UnaryAsync(message);
            long answered = Stopwatch.GetTimestamp();
            _latencies.Record(answered - now);
            Interlocked.Increment(ref _done);
            now = answered;
        }
        while (now < end);
    }

    private async Task RepeatAsync(long end, int messages, Func<Task> stream)
    {
        do
        {
            await Task.Run(stream);
            _done += messages;
        }
        while (Stopwatch.GetTimestamp() < end);
    }

    // Text-like, so that compression has something to do and something to find.
    private static byte[] Content(int size)
    {
        Random random = new(1);
        byte[] words = "falcon sky river stone cathedral wind of the over swift "u8.ToArray();
        byte[] content = new byte[size];
        for (int i = 0; i < size;)
        {
            int start = random.Next(words.Length);
            int length = Math.Min(Math.Min(random.Next(3, 12), words.Length - start), size - i);
            words.AsSpan(start, length).CopyTo(content.AsSpan(i));
            i += length;
        }

        return content;
    }
}
