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

    [ThreadStatic]
    private static Stack<Http2Stream>? _streams;

    [ThreadStatic]
    private static Stack<HeaderList>? _headers;

    /// <summary>A stream in its first state.</summary>
    public static Http2Stream TakeStream() => _streams is { Count: > 0 } kept ? kept.Pop() : new Http2Stream();

    /// <summary>An empty list.</summary>
    public static HeaderList TakeHeaders() => _headers is { Count: > 0 } kept ? kept.Pop() : new HeaderList();

    /// <summary>Puts a stream into its first state and keeps it.</summary>
    public static void Keep(Http2Stream stream)
    {
        stream.Recycle();
        Keep(_streams ??= new Stack<Http2Stream>(), stream, StreamLimit);
    }

    /// <summary>Empties a list and keeps it; one that was made by <see cref="HeaderList.Retain"/> is its owner's.</summary>
    public static void Keep(HeaderList headers)
    {
        if (!headers.IsRetained)
        {
            headers.Reset();
            Keep(_headers ??= new Stack<HeaderList>(), headers, HeadersLimit);
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
