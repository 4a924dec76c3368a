// SPDX-License-Identifier: Apache-2.0
using System.IO;
using System.IO.Compression;

namespace Peregrine.Compression;

/// <summary>Compresses and decompresses messages in one encoding. Used from many threads at once.</summary>
public interface ICompressionProvider
{
    /// <summary>The name in <c>grpc-encoding</c>, in lower case.</summary>
    string EncodingName { get; }

    /// <summary>Makes a stream that compresses what is written to it. A new one is made for each message.</summary>
    /// <param name="stream">Takes the compressed bytes; it stays open when the compression stream is disposed.</param>
    /// <param name="compressionLevel">How hard to try; null for the provider's own default.</param>
    /// <returns>The compression stream.</returns>
    Stream CreateCompressionStream(Stream stream, CompressionLevel? compressionLevel);

    /// <summary>Makes a stream from which the decompressed bytes are read.</summary>
    /// <param name="stream">The compressed bytes of one message; it stays open when the decompression stream is disposed.</param>
    /// <returns>The decompression stream.</returns>
    Stream CreateDecompressionStream(Stream stream);
}
