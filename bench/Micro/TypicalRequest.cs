// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Peregrine;
using Peregrine.Http2.Hpack;
using Peregrine.Protocol;

namespace MicroBenchmarks;

/// <summary>The head of a request as a channel writes it: with a deadline, and as many entries of metadata as are asked for.</summary>
internal sealed class TypicalRequest(int entries)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly RequestHeadersWriter _writer = new(
        isTransportSecure: false, "127.0.0.1:50051", "grpc-dotnet-peregrine/1.0", "identity,gzip,deflate");

    private readonly HeaderTemplate _path = new(":path", "/bench.Echo/Unary");
    private readonly OutgoingHeaders _headers = new();

    public static Metadata CreateMetadata(int entries)
    {
        Metadata metadata = [];
        for (int i = 0; i < entries; i++)
        {
            metadata.Add(
                string.Create(CultureInfo.InvariantCulture, $"x-header-{i:00}"), string.Create(CultureInfo.InvariantCulture, $"value-{i:0000}"));
        }

        return metadata;
    }

    public Metadata Metadata { get; } = CreateMetadata(entries);

    /// <summary>Writes the head; it is valid until the next call.</summary>
    public OutgoingHeaders Write()
    {
        _headers.Clear();
        _writer.Write(_headers, _path, host: null, Timeout, encoding: null, Metadata, credentials: null);
        return _headers;
    }

    /// <summary>The head as a block that refers to tables that earlier blocks have filled, and a decoder whose table is so.</summary>
    public byte[] EncodeWarm(out HpackDecoder decoder)
    {
        HpackEncoder encoder = new();
        decoder = new HpackDecoder(HpackDecoder.InitialTableSize);
        HeaderList list = new();
        byte[] buffer = new byte[16_384];
        for (int i = 0; ; i++)
        {
            byte[] block = buffer[..encoder.Encode(Write(), buffer)];
            if (i == 2)
            {
                return block;
            }

            list.Reset();
            _ = decoder.Decode(block, list, int.MaxValue, int.MaxValue);
        }
    }
}
