// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Client;

namespace Peregrine;

/// <summary>
/// A channel in the shape that users of the old C-core package know; everything is done by <see cref="GrpcChannel"/>. Thread-safe.
/// </summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "Public contract: ended by ShutdownAsync; the token source has no timer and no linked parents.")]
public class Channel : ChannelBase
{
    private readonly GrpcChannel _channel;
    private readonly CancellationTokenSource _shutdown = new();

    /// <summary>Makes a channel with default options. Nothing is connected yet.</summary>
    /// <param name="target">A target of the gRPC document "naming", most often <c>host:port</c>.</param>
    /// <param name="credentials">Plaintext or TLS.</param>
    /// <exception cref="ArgumentException">The target or a certificate is malformed.</exception>
    public Channel(string target, ChannelCredentials credentials)
        : this(target, credentials, null)
    {
    }

    /// <summary>Makes a channel. Nothing is connected yet.</summary>
    /// <param name="target">A target of the gRPC document "naming", most often <c>host:port</c>.</param>
    /// <param name="credentials">Plaintext or TLS.</param>
    /// <param name="options">Options by name, see <see cref="ChannelOptions"/>; null for none.</param>
    /// <exception cref="ArgumentException">The target or a certificate is malformed, or an option is not known to channels.</exception>
    public Channel(string target, ChannelCredentials credentials, IEnumerable<ChannelOption>? options)
        : base(target)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        _channel = GrpcChannel.ForAddress(target, Translate(credentials, options));
    }

    /// <summary>Makes a channel with default options. Nothing is connected yet.</summary>
    /// <param name="host">The host.</param>
    /// <param name="port">The port.</param>
    /// <param name="credentials">Plaintext or TLS.</param>
    public Channel(string host, int port, ChannelCredentials credentials)
        : this(host, port, credentials, null)
    {
    }

    /// <summary>Makes a channel. Nothing is connected yet.</summary>
    /// <param name="host">The host; an IPv6 address in brackets.</param>
    /// <param name="port">The port.</param>
    /// <param name="credentials">Plaintext or TLS.</param>
    /// <param name="options">Options by name, see <see cref="ChannelOptions"/>; null for none.</param>
    public Channel(string host, int port, ChannelCredentials credentials, IEnumerable<ChannelOption>? options)
        : this(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{host}:{port}"), credentials, options)
    {
    }

    /// <summary>The connectivity state at this moment. Reading it does not make the channel connect.</summary>
    public ConnectivityState State => _channel.State;

    /// <summary>The target as the channel resolves it.</summary>
    public string ResolvedTarget => _channel.Target;

    /// <summary>Cancelled when the channel is shut down.</summary>
    public CancellationToken ShutdownToken => _shutdown.Token;

    /// <summary>Connects now and completes when the channel is ready.</summary>
    /// <param name="deadline">When to give up, in UTC; null for never.</param>
    /// <returns>A task that completes when the channel is ready, and is cancelled when the deadline comes first.</returns>
    public Task ConnectAsync(DateTime? deadline = null) => UntilAsync(deadline, _channel.ConnectAsync);

    /// <summary>Completes as soon as the state is another than <paramref name="lastObservedState"/>.</summary>
    /// <param name="lastObservedState">The state that the caller knows.</param>
    /// <param name="deadline">When to give up, in UTC; null for never.</param>
    /// <returns>A task that completes when the state is another, and is cancelled when the deadline comes first.</returns>
    public Task WaitForStateChangedAsync(ConnectivityState lastObservedState, DateTime? deadline = null) =>
        UntilAsync(deadline, token => _channel.WaitForStateChangedAsync(lastObservedState, token));

    /// <summary>Like <see cref="WaitForStateChangedAsync"/>, but says whether the state changed instead of being cancelled.</summary>
    /// <param name="lastObservedState">The state that the caller knows.</param>
    /// <param name="deadline">When to give up, in UTC; null for never.</param>
    /// <returns>True when the state is another, false when the deadline came first.</returns>
    public async Task<bool> TryWaitForStateChangedAsync(ConnectivityState lastObservedState, DateTime? deadline = null)
    {
        try
        {
            await WaitForStateChangedAsync(lastObservedState, deadline).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public override CallInvoker CreateCallInvoker() => _channel.CreateCallInvoker();

    /// <inheritdoc/>
    protected override async Task ShutdownAsyncCore()
    {
        await _shutdown.CancelAsync().ConfigureAwait(false);
        await _channel.ShutdownAsync().ConfigureAwait(false);
    }

    private static async Task UntilAsync(DateTime? deadline, Func<CancellationToken, Task> wait)
    {
        var until = Deadline.FromUtc(deadline);
        if (until.IsNone)
        {
            await wait(CancellationToken.None).ConfigureAwait(false);
            return;
        }

        // A deadline that no timer can wait for is as good as none.
        var left = until.Remaining(TimeProvider.System);
        using var timeout = left < DeadlineTimer.LongestWait ? new CancellationTokenSource(left) : new CancellationTokenSource();
        await wait(timeout.Token).ConfigureAwait(false);
    }

    private static GrpcChannelOptions Translate(ChannelCredentials credentials, IEnumerable<ChannelOption>? options)
    {
        var translated = new GrpcChannelOptions { Credentials = credentials };
        foreach (var option in options ?? [])
        {
            switch (option.Name)
            {
                case ChannelOptions.SslTargetNameOverride:
                    translated.SslTargetNameOverride = option.StringValue;
                    break;
                case ChannelOptions.DefaultAuthority:
                    translated.DefaultAuthority = option.StringValue;
                    break;
                case ChannelOptions.PrimaryUserAgentString:
                    translated.UserAgentPrefix = option.StringValue;
                    break;
                case ChannelOptions.MaxReceiveMessageLength:
                    translated.MaxReceiveMessageSize = option.IntValue < 0 ? null : option.IntValue;
                    break;
                case ChannelOptions.MaxSendMessageLength:
                    translated.MaxSendMessageSize = option.IntValue < 0 ? null : option.IntValue;
                    break;
                default:
                    throw new ArgumentException(
                        $"The channel option '{option.Name}' is not known to channels; see {nameof(ChannelOptions)} for those that are.",
                        nameof(options));
            }
        }

        return translated;
    }
}
