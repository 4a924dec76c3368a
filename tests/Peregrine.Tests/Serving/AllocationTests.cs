// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Peregrine.Credentials;
using Peregrine.Serving;
using Peregrine.Transport;

namespace Peregrine.Tests.Serving;

/// <summary>What a call costs the server in memory: a bound that may only go down. Other tests would disturb the threads that it counts on.</summary>
[Collection(nameof(RunsAlone))]
public class AllocationTests
{
    // The context, which user code may still hold after the call. Messages are the application's and not counted.
#if DEBUG
    // State machines of unoptimized code are objects, and grow with each variable.
    private const int BytesPerUnaryCall = 400;
#else
    private const int BytesPerUnaryCall = 72;
#endif

    [Fact]
    public async Task A_unary_call_allocates_no_more_than_it_did()
    {
        // On a busy machine the watchdog may move the reading, or even the handler, to another thread, which costs more and is no
        // part of this: the best of some runs counts.
        var best = long.MaxValue;
        for (var run = 0; run < 50 && best > BytesPerUnaryCall; run++)
        {
            best = Math.Min(best, await MeasureAsync());
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{best} bytes");
        Assert.InRange(best, 1, BytesPerUnaryCall);
    }

    private static async Task<long> MeasureAsync()
    {
        const int warmUp = 2000;
        const int measured = 500;
        var message = new object();
        var marshaller = new Marshaller<object>(
            (_, context) =>
            {
                context.GetBufferWriter().Write("abc"u8);
                context.Complete();
            },
            _ => message);
        var answer = Task.FromResult(message);
        var settings = new ServingSettings(new GrpcServerOptions());
        settings.Methods = settings.Methods.With(
            ServerServiceDefinition.CreateBuilder()
                .AddMethod(new Method<object, object>(MethodType.Unary, "a.B", "C", marshaller, marshaller), (UnaryServerMethod<object, object>)((_, _) => answer))
                .Build(),
            new MethodComposition([], settings.MethodDefaults, [], Options: null));
        var duplex = new RecordedClient(warmUp, measured);
        var connection = new ServerConnection(settings, duplex, "ipv4:127.0.0.1:1", TlsAuthContext.Insecure, _ => { });
        connection.Pump.Start();
        var perCall = await duplex.BytesPerCall.Task.WaitAsync(RawClient.Patience);
        await connection.Pump.Completion.WaitAsync(RawClient.Patience);
        Assert.NotEqual(0, settings.Statistics.CallsEnded(StatusCode.OK));

        // This client knows no limit: handlers that a busy machine keeps waiting bring requests above it, which are refused.
        return duplex.Requests == settings.Statistics.CallsStarted ? perCall : long.MaxValue;
    }

    /// <summary>A client whose bytes were written before: one request at each receive, as from a busy socket; what is sent to it goes nowhere.</summary>
    private sealed class RecordedClient(int warmUp, int measured) : ByteDuplex
    {
        private readonly byte[] _first = [.. Preface(), .. Head([0x83, 0x86, .. Field(0x44, "/a.B/C"), .. Field(0x41, "localhost"), .. NewField("te", "trailers"), .. Field(0x5F, "application/grpc")])];

        // The fields of the first request by their places in the dynamic table.
        private readonly byte[] _next = Head([0x83, 0x86, 0xC1, 0xC0, 0xBF, 0xBE]);
        private int _thread;
        private long _before;
        private int _started;

        public int Requests { get; private set; }

        public TaskCompletionSource<long> BytesPerCall { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override bool CanTryReceive => true;

        public override bool TryReceive(Span<byte> buffer, out int count)
        {
            count = Receive(buffer);
            return true;
        }

        public override ValueTask<int> ReceiveAsync(Memory<byte> buffer) => new(Receive(buffer.Span));

        private int Receive(Span<byte> buffer)
        {
            if (BytesPerCall.Task.IsCompleted)
            {
                return 0;
            }

            var number = Requests;
            if (number > warmUp && _thread != Environment.CurrentManagedThreadId)
            {
                // Allocations are counted by thread: when the reading moves to another one, from here anew.
                _thread = Environment.CurrentManagedThreadId;
                _before = GC.GetAllocatedBytesForCurrentThread();
                _started = number;
            }
            else if (_started > 0 && number == _started + measured)
            {
                BytesPerCall.SetResult((GC.GetAllocatedBytesForCurrentThread() - _before) / measured);
                return 0;
            }

            Requests++;
            var bytes = number == 0 ? _first : _next;
            if (number > 0)
            {
                BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(5), 1 + (2 * number));
                BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(bytes.Length - 12), 1 + (2 * number));
            }

            bytes.CopyTo(buffer);
            return bytes.Length;
        }

        public override ValueTask SendAsync(List<ArraySegment<byte>> segments) => default;

        public override ValueTask ShutdownSendAsync() => default;

        public override void Dispose()
        {
        }

        private static byte[] Preface() => [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, 0, 0, 0, 4, 0, 0, 0, 0, 0];

        // HEADERS with END_HEADERS, then DATA with END_STREAM: a message of three octets.
        private static byte[] Head(byte[] block) =>
            [0, 0, (byte)block.Length, 1, 4, 0, 0, 0, 1, .. block, 0, 0, 8, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 3, 97, 98, 99];

        private static byte[] Field(byte nameIndex, string value) => [nameIndex, (byte)value.Length, .. Encoding.ASCII.GetBytes(value)];

        private static byte[] NewField(string name, string value) => [0x40, (byte)name.Length, .. Encoding.ASCII.GetBytes(name), .. Field((byte)value.Length, value)[1..]];
    }
}
