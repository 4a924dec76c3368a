// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using BenchmarkDotNet.Attributes;
using Peregrine;
using Peregrine.Http2.Hpack;
using Peregrine.Serving;

namespace MicroBenchmarks;

/// <summary>The method that a request's path names, found by its octets or remembered by the entry of the header table.</summary>
[MemoryDiagnoser]
[HideColumns("Error", "StdDev", "RatioSD")]
public class DispatchBenchmarks
{
    private readonly HeaderList _literal = new();
    private readonly HeaderList _indexed = new();
    private MethodTable _table = MethodTable.Empty;

    [Params(1, 1000)]
    public int Methods { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        ServingSettings settings = new(new GrpcServerOptions());
        ServerServiceDefinition.Builder service = ServerServiceDefinition.CreateBuilder();
        for (int i = 0; i < Methods; i++)
        {
            Method<byte[], byte[]> method = new(
                MethodType.Unary, "bench.Echo", string.Create(CultureInfo.InvariantCulture, $"Unary{i}"), Marshallers.BytesMarshaller, Marshallers.BytesMarshaller);
            service.AddMethod(method, (UnaryServerMethod<byte[], byte[]>)((request, _) => Task.FromResult(request)));
        }

        _table = MethodTable.Empty.With(service.Build(), new MethodComposition([], settings.MethodDefaults, [], Options: null));
        Decode(_literal, HeaderIndexing.WithoutIndexing);
        Decode(_indexed, HeaderIndexing.Incremental);
    }

    [Benchmark(Description = "find a method by its path")]
    public object Find() => _table.Find(_literal) ?? throw new InvalidDataException("The method is not there.");

    [Benchmark(Description = "find a method by its remembered path")]
    public object FindAgain() => _table.Find(_indexed) ?? throw new InvalidDataException("The method is not there.");

    private static void Decode(HeaderList list, HeaderIndexing indexing)
    {
        OutgoingHeaders headers = new();
        headers.Add(":path"u8, "/bench.Echo/Unary0"u8, indexing);
        byte[] buffer = new byte[256];
        int length = new HpackEncoder().Encode(headers, buffer);
        _ = new HpackDecoder(HpackDecoder.InitialTableSize).Decode(buffer.AsSpan(0, length), list, int.MaxValue, int.MaxValue);
        list.PathIndex = 0; // what the rules of header lists find out
    }
}
