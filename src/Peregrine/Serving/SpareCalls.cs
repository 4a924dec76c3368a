// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;

namespace Peregrine.Serving;

/// <summary>
/// Calls between two uses, each with its stream: a call that came and went in one piece leaves nothing behind for the collector but the
/// context, which its handler may have kept. Each thread has its own, so that they cost no lock.
/// </summary>
internal static class SpareCalls
{
    // What one busy connection brings in a read; more are left to the collector.
    private const int Limit = 128;

    [ThreadStatic]
    private static Stack<ServerCall>? _calls;

    /// <summary>A call in its first state.</summary>
    public static ServerCall Take() => _calls is { Count: > 0 } kept ? kept.Pop() : new ServerCall();

    /// <summary>Keeps a call that nobody refers to any more.</summary>
    public static void Keep(ServerCall call)
    {
        var kept = _calls ??= new Stack<ServerCall>();
        if (kept.Count < Limit)
        {
            call.Reset();
            kept.Push(call);
        }
    }
}
