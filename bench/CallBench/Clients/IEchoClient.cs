// SPDX-License-Identifier: Apache-2.0
using Bench.Calls;
using CallBench.Measuring;

namespace CallBench.Clients;

/// <summary>
/// One connection to an echo server. Methods that are called for each measured call allocate nothing of their own: what is counted
/// is the implementation's.
/// </summary>
internal interface IEchoClient : IAsyncDisposable
{
    /// <summary>Sends a message and gets it back.</summary>
    ValueTask UnaryAsync(Blob request);

    /// <summary>Takes a stream of messages.</summary>
    Task DownloadAsync(int messages, int octetsEach);

    /// <summary>Sends a stream of messages.</summary>
    Task UploadAsync(int messages, Blob message);

    /// <summary>Sends a stream of messages and, at the same time, takes them back.</summary>
    Task FlowAsync(int messages, Blob message);

    /// <summary>Sends one message after the other on one stream, each when the last one has come back.</summary>
    Task PingPongAsync(int messages, Blob message, LatencyHistogram latencies);
}
