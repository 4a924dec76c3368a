// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine;

/// <summary>How a channel secures its connections, and which call credentials all its calls carry. Immutable.</summary>
public abstract class ChannelCredentials
{
    private protected ChannelCredentials()
    {
    }

    /// <summary>No encryption: everything travels in clear.</summary>
    public static ChannelCredentials Insecure { get; } = new InsecureCredentials();

    /// <summary>TLS, trusting the roots of the operating system.</summary>
    public static ChannelCredentials SecureSsl { get; } = new SslCredentials();

    /// <summary>The transport part: <see cref="SslCredentials"/>, or null for plaintext.</summary>
    internal abstract SslCredentials? Ssl { get; }

    /// <summary>The call credentials that all calls carry; null for none.</summary>
    internal virtual CallCredentials? CallCredentials => null;

    /// <summary>Adds call credentials to channel credentials.</summary>
    /// <param name="channelCredentials">Secures the connection.</param>
    /// <param name="callCredentials">Carried by every call. When they require transport security, plaintext calls fail.</param>
    /// <returns>The composition.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static ChannelCredentials Create(ChannelCredentials channelCredentials, CallCredentials callCredentials)
    {
        ArgumentNullException.ThrowIfNull(channelCredentials);
        ArgumentNullException.ThrowIfNull(callCredentials);
        return new CompositeChannelCredentials(channelCredentials, callCredentials);
    }

    private sealed class InsecureCredentials : ChannelCredentials
    {
        internal override SslCredentials? Ssl => null;
    }

    private sealed class CompositeChannelCredentials(ChannelCredentials channel, CallCredentials call) : ChannelCredentials
    {
        internal override SslCredentials? Ssl => channel.Ssl;

        internal override CallCredentials? CallCredentials { get; } =
            channel.CallCredentials is { } first ? CallCredentials.Compose(first, call) : call;
    }
}
