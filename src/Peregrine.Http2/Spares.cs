// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using Peregrine.Http2.Hpack;
using Peregrine.Http2.Streams;

namespace Peregrine.Http2;

/// <summary>
/// Streams and header lists between two uses. Each thread keeps its own, so that they cost no lock and an idle connection nothing: a
/// connection with a hundred calls at once would keep 150 kB for the next hundred, and ten thousand such connections a gigabyte.
/// </summary>
internal static class Spares
{
    // What one busy connection has in use at once; more are left to the collector. The answer to a call has two header lists.
    private const int StreamLimit = 128;
    private const int HeadersLimit = 256;

    // Header lists with more room than this are kept apart, for blocks of more octets than that: small ones must not hold, nor count as, large memory.
    private const int SmallListSize = 8 * 1024;
    private const int SmallBlockLength = 1024;

    // Octets of the arrays of one large list, for example of 256 fields with 16 kB of literals, and of all that a thread keeps.
    private const int LargeListSize = 32 * 1024;
    private const int AllLargeListsSize = 1024 * 1024;

    [ThreadStatic]
    private static Stack<Http2Stream>? _streams;

    [ThreadStatic]
    private static Stack<HeaderList>? _headers;

    [ThreadStatic]
    private static Stack<HeaderList>? _largeHeaders;

    [ThreadStatic]
    private static int _largeHeadersSize;

    /// <summary>A stream in its first state.</summary>
    public static Http2Stream TakeStream() => _streams is { Count: > 0 } kept ? kept.Pop() : new Http2Stream();

    /// <summary>An empty list.</summary>
    /// <param name="blockLength">Octets of the header block that it is for.</param>
    public static HeaderList TakeHeaders(int blockLength)
    {
        if (blockLength > SmallBlockLength && _largeHeaders is { Count: > 0 } large)
        {
            HeaderList headers = large.Pop();
            _largeHeadersSize -= headers.ArraySize;
            return headers;
        }

        return _headers is { Count: > 0 } kept ? kept.Pop() : new HeaderList();
    }

    /// <summary>Puts a stream into its first state and keeps it.</summary>
    public static void Keep(Http2Stream stream)
    {
        stream.Recycle();
        Keep(_streams ??= new Stack<Http2Stream>(), stream, StreamLimit);
    }

    /// <summary>Empties a list and keeps it; one that was made by <see cref="HeaderList.Retain"/> is its owner's.</summary>
    public static void Keep(HeaderList headers)
    {
        if (headers.IsRetained)
        {
            return;
        }

        headers.Reset();
        int size = headers.ArraySize;
        if (size <= SmallListSize)
        {
            Keep(_headers ??= new Stack<HeaderList>(), headers, HeadersLimit);
        }
        else if (size <= LargeListSize && _largeHeadersSize + size <= AllLargeListsSize)
        {
            (_largeHeaders ??= new Stack<HeaderList>()).Push(headers);
            _largeHeadersSize += size;
        }
    }

    private static void Keep<T>(Stack<T> kept, T item, int limit)
    {
        if (kept.Count < limit)
        {
            kept.Push(item);
        }
    }
}
