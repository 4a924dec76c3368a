// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Peregrine.Client;
using Peregrine.Compression;
using Peregrine.Credentials;
using Peregrine.Diagnostics;
using Peregrine.LoadBalancing;
using Peregrine.Protocol;
using Peregrine.Resolution;
using Peregrine.Transport;

namespace Peregrine.Tests.Client;

/// <summary>What a call costs the client in memory: bounds that may only go down. Other tests would disturb the threads that they count on.</summary>
[Collection(nameof(RunsAlone))]
public class ClientAllocationTests
{
    // The call, its task, and what the caller holds of both. Messages are the application's and not counted.
#if DEBUG
    private const int BytesPerUnaryCall = 700;
#else
    private const int BytesPerUnaryCall = 392;
#endif

    [Fact]
    public async Task A_unary_call_allocates_no_more_than_it_did()
    {
        // On a busy machine the watchdog may move the reading to another thread, which costs more and is no part of this: the best of some
        // runs counts.
        var best = long.MaxValue;
        for (var run = 0; run < 50 && best > BytesPerUnaryCall; run++)
        {
            best = Math.Min(best, await Task.Run(MeasureAsync));
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{best} bytes");
        Assert.InRange(best, 1, BytesPerUnaryCall);
    }

    // Calls follow one another on the reading thread: each is made where the one before was answered.
    private static async Task<long> MeasureAsync()
    {
        const int warmUp = 2000;
        const int measured = 500;
        const int most = 6000;
        using var duplex = new RecordedServer();
        var invoker = CreateInvoker(duplex);
        var message = new object();
        var marshaller = new Marshaller<object>(
            (_, context) =>
            {
                context.GetBufferWriter().Write("abc"u8);
                context.Complete();
            },
            _ => message);
        var method = new Method<object, object>(MethodType.Unary, "a.B", "C", marshaller, marshaller);
        var thread = 0;
        var before = 0L;
        var started = 0;
        for (var number = 0; number < most; number++)
        {
            Assert.Same(message, await invoker.AsyncUnaryCall(method, null, default, message));
            if (number > warmUp && thread != Environment.CurrentManagedThreadId)
            {
                thread = Environment.CurrentManagedThreadId;
                before = GC.GetAllocatedBytesForCurrentThread();
                started = number;
            }
            else if (number == started + measured && started > 0)
            {
                return (GC.GetAllocatedBytesForCurrentThread() - before) / measured;
            }
        }

        return long.MaxValue;
    }

    private static ChannelCallInvoker CreateInvoker(ByteDuplex duplex)
    {
        var target = ChannelTarget.Parse("http://127.0.0.1:1");
        var options = new ClientTransportOptions { TargetName = target.Host };
        var subchannel = new Subchannel(
            target,
            new DnsResolver(target, secure: false, ChannelProxy.None.Read()),
            async (_, events, _) =>
            {
                var transport = new ClientTransport(
                    duplex, new IPEndPoint(IPAddress.Loopback, 1), TlsAuthContext.Insecure, options, events, new FlightRecorder(TimeProvider.System));
                await transport.StartAsync();
                return transport;
            },
            new ConnectionBackoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), static () => 0),
            new SubchannelLimits(MaxConnections: 1, Timeout.InfiniteTimeSpan),
            TimeProvider.System,
            static (in _) => { },
            NullLogger.Instance);
        var compression = CompressionProviderSet.Default;
        return new ChannelCallInvoker(new ChannelSettings
        {
            Subchannel = subchannel,
            Target = target.Text,
            Authority = target.Authority,
            RequestHeaders = new RequestHeadersWriter(isTransportSecure: false, target.Authority, "test", compression.AcceptEncoding),
            Compression = compression,
            RequestCompression = null,
            MessageFormats = [],
            IsSecure = false,
            CallCredentials = null,
            AllowInsecureCallCredentials = false,
            MaxSendMessageSize = int.MaxValue,
            MaxReceiveMessageSize = -1,
            ThrowOperationCanceled = false,
            Time = TimeProvider.System,
            Tracer = new CallTracer(target.CanonicalText, target.ServerAddress, target.ServerPort(secure: false), TimeProvider.System, NullLogger.Instance),
            Logger = NullLogger.Instance,
        });
    }

    /// <summary>A server whose bytes were written before: it answers each request that it is sent when it is read from next.</summary>
    private sealed class RecordedServer : ByteDuplex
    {
        // SETTINGS without entries.
        private static readonly byte[] Settings = [0, 0, 0, 4, 0, 0, 0, 0, 0];

        private readonly byte[] _answer = Answer();
        private readonly byte[] _sent = new byte[64 * 1024];
        private readonly Queue<int> _requests = new();
        private readonly Lock _lock = new();
        private TaskCompletionSource<int>? _wait;
        private bool _sawPreface;
        private bool _sentSettings;
        private bool _isClosed;

        public override bool CanTryReceive => true;

        public override bool TryReceive(Span<byte> buffer, out int count)
        {
            lock (_lock)
            {
                count = 0;
                if (!_sentSettings)
                {
                    _sentSettings = true;
                    Settings.CopyTo(buffer);
                    count = Settings.Length;
                    return true;
                }

                if (!_requests.TryDequeue(out var streamId))
                {
                    return _isClosed;
                }

                // The three frames of an answer: HEADERS, DATA, HEADERS.
                for (var at = 0; at < _answer.Length; at += 9 + _answer[at + 2])
                {
                    BinaryPrimitives.WriteInt32BigEndian(_answer.AsSpan(at + 5), streamId);
                }

                _answer.CopyTo(buffer);
                count = _answer.Length;
                return true;
            }
        }

        public override ValueTask<int> ReceiveAsync(Memory<byte> buffer)
        {
            lock (_lock)
            {
                if (_requests.Count > 0 || _isClosed)
                {
                    return new ValueTask<int>(0);
                }

                _wait = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
                return new ValueTask<int>(_wait.Task);
            }
        }

        public override ValueTask SendAsync(List<ArraySegment<byte>> segments)
        {
            lock (_lock)
            {
                var length = 0;
                foreach (var segment in segments)
                {
                    segment.AsSpan().CopyTo(_sent.AsSpan(length));
                    length += segment.Count;
                }

                var at = _sawPreface ? 0 : 24;
                _sawPreface = true;
                for (; at < length; at += 9 + (_sent[at] << 16 | _sent[at + 1] << 8 | _sent[at + 2]))
                {
                    if (_sent[at + 3] == 1)
                    {
                        _requests.Enqueue(BinaryPrimitives.ReadInt32BigEndian(_sent.AsSpan(at + 5)));
                    }
                }

                if (_requests.Count > 0)
                {
                    WakeLocked();
                }
            }

            return default;
        }

        public override ValueTask ShutdownSendAsync() => default;

        public override void Dispose()
        {
            lock (_lock)
            {
                _isClosed = true;
                WakeLocked();
            }
        }

        private void WakeLocked()
        {
            _wait?.TrySetResult(0);
            _wait = null;
        }

        private static byte[] Answer() =>
        [
            .. Frame(1, 4, [0x88, 0x0F, 0x10, 16, .. "application/grpc"u8]),
            .. Frame(0, 0, [0, 0, 0, 0, 3, .. "abc"u8]),
            .. Frame(1, 5, [0x00, 11, .. "grpc-status"u8, 1, .. "0"u8]),
        ];

        private static byte[] Frame(byte type, byte flags, byte[] payload) => [0, 0, (byte)payload.Length, type, flags, 0, 0, 0, 0, .. payload];
    }
}
