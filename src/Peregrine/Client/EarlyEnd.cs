// SPDX-License-Identifier: Apache-2.0
using System;
using System.Threading;

namespace Peregrine.Client;

/// <summary>
/// What may end a call before its server does: its deadline, its caller's token, the end of the served call that it is made for. Most calls
/// in a row have none of them, and then not this object.
/// </summary>
internal sealed class EarlyEnd : IDisposable
{
    private DeadlineTimer? _deadline;
    private CancellationTokenRegistration _caller;
    private CancellationTokenRegistration _parent;

    /// <summary>Whether anything may end a call with these options early.</summary>
    internal static bool IsPossible(Deadline deadline, in CallOptions options) =>
        !deadline.IsNone || options.CancellationToken.CanBeCanceled || ParentOf(options).CanBeCanceled;

    /// <summary>Watches over a call. The call may end within this, on another thread or, by a token that was cancelled, on this one.</summary>
    internal void Begin(ClientCall call)
    {
        if (!call.Deadline.IsNone)
        {
            _deadline = new DeadlineTimer(static call => ((ClientCall)call).EndByDeadline(), call, call.Deadline, call.Channel.Time);
        }

        if (call.Options.CancellationToken.CanBeCanceled)
        {
            _caller = call.Options.CancellationToken.UnsafeRegister(
                static state => ((ClientCall)state!).Cancel(CancellationReason.CallerToken, CallStatuses.CancelledByCaller((ClientCall)state)), call);
        }

        if (ParentOf(call.Options) is { CanBeCanceled: true } parent)
        {
            _parent = parent.UnsafeRegister(
                static state => ((ClientCall)state!).Cancel(CancellationReason.ParentCall, CallStatuses.CancelledByParent((ClientCall)state)), call);
        }
    }

    /// <summary>The call has ended: ends the watch. May be called more than once, and while <see cref="Begin"/> runs.</summary>
    public void Dispose()
    {
        _deadline?.Dispose();
        _ = _caller.Unregister();
        _ = _parent.Unregister();
    }

    private static CancellationToken ParentOf(in CallOptions options) => options.PropagationToken?.ParentCancellationToken ?? default;
}
