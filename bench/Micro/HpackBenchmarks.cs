// SPDX-License-Identifier: Apache-2.0
using BenchmarkDotNet.Attributes;
using Peregrine.Http2;
using Peregrine.Http2.Hpack;
using Peregrine.Protocol;

namespace MicroBenchmarks;

/// <summary>The head of a request on a connection that has carried it before, with entries of metadata behind it.</summary>
[MemoryDiagnoser]
[HideColumns("Error", "StdDev", "RatioSD")]
public class HpackBenchmarks
{
    private readonly HpackEncoder _encoder = new();
    private readonly byte[] _buffer = new byte[16_384];
    private readonly HeaderList _list = new();
    private TypicalRequest _request = new(0);
    private OutgoingHeaders _headers = new();
    private byte[] _block = [];
    private HpackDecoder _decoder = new(HpackDecoder.InitialTableSize);

    [Params(0, 8, 64)]
    public int Entries { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _request = new TypicalRequest(Entries);
        _headers = new TypicalRequest(Entries).Write();
        _block = _request.EncodeWarm(out _decoder);
    }

    [Benchmark(Description = "gather the fields of a request")]
    public int Gather() => _request.Write().Count;

    [Benchmark(Description = "encode a request's head")]
    public int Encode() => _encoder.Encode(_headers, _buffer);

    [Benchmark(Description = "decode a request's head")]
    public int Decode()
    {
        _list.Reset();
        return _decoder.Decode(_block, _list, int.MaxValue, int.MaxValue) is null ? _list.Count : throw new InvalidDataException("The block cannot be decoded.");
    }

    [Benchmark(Description = "decode, check and understand a request's head")]
    public bool Understand()
    {
        Decode();
        return HeaderRules.CheckRequest(_list) is null && RequestHeadersReader.TryRead(_list, out _, out _)
            ? true
            : throw new InvalidDataException("The request cannot be understood.");
    }
}
