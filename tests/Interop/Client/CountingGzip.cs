// SPDX-License-Identifier: Apache-2.0
using System.IO.Compression;
using Peregrine.Compression;

namespace Interop.Client;

/// <summary>gzip that counts: a message is decompressed if and only if its Compressed-Flag is set.</summary>
internal sealed class CountingGzip : ICompressionProvider
{
    private readonly GzipCompressionProvider _gzip = new(CompressionLevel.Fastest);
    private int _decompressed;

    public string EncodingName => _gzip.EncodingName;

    public Stream CreateCompressionStream(Stream stream, CompressionLevel? compressionLevel) =>
        _gzip.CreateCompressionStream(stream, compressionLevel);

    public Stream CreateDecompressionStream(Stream stream)
    {
        Interlocked.Increment(ref _decompressed);
        return _gzip.CreateDecompressionStream(stream);
    }

    /// <summary>How many messages were decompressed since this was last asked.</summary>
    public int TakeCount() => Interlocked.Exchange(ref _decompressed, 0);
}
