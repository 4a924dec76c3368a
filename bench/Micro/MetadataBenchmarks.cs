// SPDX-License-Identifier: Apache-2.0
using BenchmarkDotNet.Attributes;
using Peregrine;
using Peregrine.Http2.Hpack;
using Peregrine.Protocol;

namespace MicroBenchmarks;

/// <summary>Metadata made by a caller, written into a head, and read from one that has arrived.</summary>
[MemoryDiagnoser]
[HideColumns("Error", "StdDev", "RatioSD")]
public class MetadataBenchmarks
{
    private readonly OutgoingHeaders _headers = new();
    private readonly HeaderList _list = new();
    private KeyValuePair<string, string>[] _entries = [];
    private Metadata _metadata = [];

    [Params(1, 8, 64)]
    public int Entries { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        TypicalRequest request = new(Entries);
        _metadata = request.Metadata;
        _entries = [.. _metadata.Select(entry => new KeyValuePair<string, string>(entry.Key, entry.Value))];
        byte[] block = request.EncodeWarm(out HpackDecoder decoder);
        _ = decoder.Decode(block, _list, int.MaxValue, int.MaxValue);
    }

    [Benchmark(Description = "build metadata")]
    public Metadata Build()
    {
        Metadata metadata = [];
        foreach (KeyValuePair<string, string> entry in _entries)
        {
            metadata.Add(entry.Key, entry.Value);
        }

        return metadata;
    }

    [Benchmark(Description = "write metadata to a head")]
    public int Write()
    {
        _headers.Clear();
        MetadataWriter.Write(_headers, _metadata);
        return _headers.Count;
    }

    [Benchmark(Description = "read metadata of a head")]
    public Metadata Read() =>
        MetadataReader.TryRead(_list, out Metadata metadata, out _) ? metadata : throw new InvalidDataException("The metadata cannot be read.");
}
