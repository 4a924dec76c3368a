// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Compression;

/// <summary>How decompressing a message went.</summary>
internal enum DecompressionResult : byte
{
    /// <summary>The whole message is there.</summary>
    Done,

    /// <summary>The message is larger than allowed: RESOURCE_EXHAUSTED.</summary>
    TooLarge,

    /// <summary>The data is broken: INTERNAL.</summary>
    Malformed,
}
