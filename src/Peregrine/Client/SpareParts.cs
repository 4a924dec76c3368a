// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;

namespace Peregrine.Client;

/// <summary>
/// What calls are made of, between two uses: attempts, each with its stream, and request senders. Only what no user can refer to comes here;
/// the call object itself, which callers hold, is never used again. Each thread has its own, so that they cost no lock.
/// </summary>
internal static class SpareParts
{
    // What one busy connection brings in a read; more are left to the collector.
    private const int Limit = 128;

    [ThreadStatic]
    private static Stack<CallAttempt>? _attempts;

    [ThreadStatic]
    private static Stack<RequestSender>? _senders;

    /// <summary>An attempt in its first state.</summary>
    public static CallAttempt TakeAttempt() => _attempts is { Count: > 0 } kept ? kept.Pop() : new CallAttempt();

    /// <summary>A sender in its first state.</summary>
    public static RequestSender TakeSender() => _senders is { Count: > 0 } kept ? kept.Pop() : new RequestSender();

    /// <summary>Keeps an attempt that nobody refers to any more.</summary>
    public static void Keep(CallAttempt attempt)
    {
        var kept = _attempts ??= new Stack<CallAttempt>();
        if (kept.Count < Limit)
        {
            attempt.Reset();
            kept.Push(attempt);
        }
    }

    /// <summary>Keeps a sender that nobody refers to any more.</summary>
    public static void Keep(RequestSender sender)
    {
        var kept = _senders ??= new Stack<RequestSender>();
        if (kept.Count < Limit)
        {
            sender.Reset();
            kept.Push(sender);
        }
    }
}
