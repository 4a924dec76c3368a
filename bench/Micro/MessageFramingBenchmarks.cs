// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Bench.Calls;
using BenchmarkDotNet.Attributes;
using Peregrine;
using Peregrine.Protobuf;
using Peregrine.Protocol;

namespace MicroBenchmarks;

/// <summary>A message into its frame, with the prefix of gRPC in front, and out of the octets behind the prefix.</summary>
[MemoryDiagnoser]
[HideColumns("Error", "StdDev", "RatioSD")]
[SuppressMessage("Design", "CA1001", Justification = "BenchmarkDotNet calls what has [GlobalCleanup], and does not dispose.")]
public class MessageFramingBenchmarks
{
    private static readonly Marshaller<Blob> BlobMarshaller = new(
        static (message, context) =>
        {
            context.SetPayloadLength(message.CalculateSize());
            message.WriteTo(context.GetBufferWriter());
            context.Complete();
        },
        static context => Blob.Parser.ParseFrom(context.PayloadAsReadOnlySequence()));

    private readonly MessageWriter _writer = new();
    private readonly MessageDeserializationContext _reader = new();
    private Blob _message = new();
    private ReadOnlySequence<byte> _payload;

    [Params(16, 1024, 65_536)]
    public int Size { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _message = new Blob { Data = UnsafeByteOperations.UnsafeWrap(new byte[Size]) };
        _payload = new ReadOnlySequence<byte>(_message.ToByteArray());
    }

    [Benchmark(Description = "frame a message")]
    public int Write()
    {
        _writer.Write(BlobMarshaller, _message);
        int length = _writer.Framed.Length;
        _writer.Reset();
        return length;
    }

    [Benchmark(Description = "read a message")]
    public Blob Read() => _reader.Read(BlobMarshaller, _payload);

    [GlobalCleanup]
    public void Cleanup()
    {
        _writer.Dispose();
    }
}
