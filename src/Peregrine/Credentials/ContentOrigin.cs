// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine.Credentials;

/// <summary>
/// The hash of the contents that a value was made of, which decides whether other contents replace it. A file that is written in place may be read
/// half, and half a file of certificates is well formed: contents are taken that had settled, or that two looks in a row have found. Not
/// thread-safe: looks come one at a time.
/// </summary>
internal sealed class ContentOrigin(byte[] hash)
{
    private byte[]? _seenOnce;

    /// <summary>Whether contents are the same.</summary>
    public bool Is(ReadOnlySpan<byte> found) => found.SequenceEqual(hash);

    /// <summary>Whether the value stays, whatever was found now.</summary>
    /// <param name="found">The hash of what was found.</param>
    /// <param name="haveSettled">Whether it had not been written for a while.</param>
    public bool Stays(byte[] found, bool haveSettled)
    {
        var same = Is(found);
        var seenBefore = _seenOnce is { } before && before.AsSpan().SequenceEqual(found);
        _seenOnce = same ? null : found;
        return same || !(haveSettled || seenBefore);
    }
}
