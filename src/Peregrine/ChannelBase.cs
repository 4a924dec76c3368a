// SPDX-License-Identifier: Apache-2.0
using System;
using System.Threading.Tasks;
using Peregrine.Diagnostics;

namespace Peregrine;

/// <summary>A connection to a service, over which clients call: the base of every channel.</summary>
public abstract class ChannelBase
{
    /// <summary>Makes a channel.</summary>
    /// <param name="target">What the channel connects to, for display.</param>
    /// <exception cref="ArgumentNullException"><paramref name="target"/> is null.</exception>
    protected ChannelBase(string target)
    {
        ArgumentNullException.ThrowIfNull(target);
        Target = target;
    }

    /// <summary>What the channel connects to.</summary>
    public string Target { get; }

    /// <summary>Makes an invoker that calls over this channel.</summary>
    /// <returns>The invoker.</returns>
    public abstract CallInvoker CreateCallInvoker();

    /// <summary>Closes the channel: no call can start afterwards.</summary>
    /// <returns>A task that ends when the channel is closed.</returns>
    public Task ShutdownAsync() => ShutdownAsyncCore();

    /// <summary>Implements <see cref="ShutdownAsync"/>; by default there is nothing to close.</summary>
    /// <returns>A task that ends when the channel is closed.</returns>
    protected virtual Task ShutdownAsyncCore() => Task.CompletedTask;

    /// <summary>The channel now, for <see cref="LiveEntities"/>; null for one that is not shown.</summary>
    internal virtual ChannelSnapshot? Observe() => null;
}
