// SPDX-License-Identifier: Apache-2.0
using System;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Compression;
using Peregrine.Credentials;
using Peregrine.Diagnostics;
using Peregrine.LoadBalancing;
using Peregrine.Protocol;
using Peregrine.Resolution;
using Peregrine.Transport;

namespace Peregrine.Client;

/// <summary>
/// A way to one server: makes the calls of generated clients, over a connection that is made when it is first needed and made anew
/// when it was lost, and over further ones when the server's limit of calls on one is reached. Make one for a server and use it
/// everywhere: it is thread-safe, and connections are what is expensive.
/// </summary>
/// <example>
/// <code>
/// using var channel = GrpcChannel.ForAddress("http://localhost:9090");
/// var client = new Greeter.GreeterClient(channel);
/// </code>
/// </example>
public sealed class GrpcChannel : ChannelBase, IDisposable
{
    // gRFC A66, "grpc.target": what stands for targets that are filtered out.
    private const string OtherTarget = "other";

    // "No upper bound" of the reconnect backoff: longer than any process waits, short enough for timers.
    private static readonly TimeSpan UnboundedBackoff = TimeSpan.FromDays(1);

    private readonly Subchannel _subchannel;
    private readonly ChannelCallInvoker _invoker;
    private readonly ChannelSettings _settings;
    private readonly long _id = LiveEntities.NextId();

    private GrpcChannel(string name, Subchannel subchannel, ChannelSettings settings)
        : base(name)
    {
        _subchannel = subchannel;
        _settings = settings;
        _invoker = new ChannelCallInvoker(settings);
        LiveEntities.ChannelTable.Add(_id, this);
    }

    /// <summary>The connectivity state at this moment. Reading it does not make the channel connect.</summary>
    public ConnectivityState State => _subchannel.State;

    /// <summary>Makes a channel with default options. Nothing is connected yet.</summary>
    /// <param name="address">
    /// <c>http://host:port</c> for plaintext, <c>https://host:port</c> for TLS with the system's root certificates.
    /// </param>
    /// <returns>The channel.</returns>
    /// <exception cref="ArgumentException">The address is malformed.</exception>
    /// <exception cref="InvalidOperationException">The address has no scheme, so that credentials must be given in options.</exception>
    public static GrpcChannel ForAddress(string address) => ForAddress(address, new GrpcChannelOptions());

    /// <summary>Makes a channel. Nothing is connected yet.</summary>
    /// <param name="address">
    /// <c>http://host:port</c> for plaintext, <c>https://host:port</c> for TLS; or, with <see cref="GrpcChannelOptions.Credentials"/>,
    /// a target of the gRPC document "naming": <c>host:port</c>, <c>dns:///host:port</c>, <c>ipv4:address:port</c>, <c>ipv6:[address]:port</c>;
    /// or <c>inproc:name</c> for a server of this process (<see cref="GrpcServer.ListenAsync"/>).
    /// </param>
    /// <param name="channelOptions">The options; read now, not kept.</param>
    /// <returns>The channel.</returns>
    /// <exception cref="ArgumentException">The address, a certificate, or an option is malformed.</exception>
    /// <exception cref="System.IO.IOException">A file of the credentials cannot be read.</exception>
    /// <exception cref="InvalidOperationException">
    /// Address and credentials contradict each other, or neither says whether to use TLS; or an environment variable that should name a
    /// proxy (<see cref="ChannelProxy.FromEnvironment"/>) does not.
    /// </exception>
    public static GrpcChannel ForAddress(string address, GrpcChannelOptions channelOptions)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(channelOptions);
        return Create(ChannelTarget.Parse(address), channelOptions, lookup: null);
    }

    /// <inheritdoc cref="ForAddress(string)"/>
    public static GrpcChannel ForAddress(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return ForAddress(address.OriginalString);
    }

    /// <inheritdoc cref="ForAddress(string, GrpcChannelOptions)"/>
    public static GrpcChannel ForAddress(Uri address, GrpcChannelOptions channelOptions)
    {
        ArgumentNullException.ThrowIfNull(address);
        return ForAddress(address.OriginalString, channelOptions);
    }

    /// <summary>Connects now, instead of on the first call, and completes when the channel is <see cref="ConnectivityState.Ready"/>.</summary>
    /// <param name="cancellationToken">Ends the wait. Without it, a server that never comes is waited for for ever.</param>
    /// <returns>A task that completes when the channel is ready.</returns>
    /// <exception cref="ObjectDisposedException">The channel is, or gets, shut down.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public async Task ConnectAsync(CancellationToken cancellationToken = default)
    {
        var pick = await _subchannel.PickAsync(waitForReady: true, cancellationToken).ConfigureAwait(false);
        ObjectDisposedException.ThrowIf(pick.Connection is null, this);
    }

    /// <summary>Completes as soon as <see cref="State"/> is another than <paramref name="lastObservedState"/>.</summary>
    /// <param name="lastObservedState">The state that the caller knows.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that completes when the state is another; at once, if it already is.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public Task WaitForStateChangedAsync(ConnectivityState lastObservedState, CancellationToken cancellationToken = default) =>
        _subchannel.WaitForStateChangedAsync(lastObservedState, cancellationToken);

    /// <inheritdoc/>
    public override CallInvoker CreateCallInvoker() => _invoker;

    /// <summary>
    /// Shuts the channel down without waiting for its connections to be closed. Running calls end with CANCELLED, later ones fail
    /// with UNAVAILABLE. <see cref="ChannelBase.ShutdownAsync"/> does the same and waits.
    /// </summary>
    public void Dispose() => _ = ShutdownAsyncCore();

    /// <inheritdoc/>
    protected override Task ShutdownAsyncCore()
    {
        LiveEntities.ChannelTable.Remove(_id);
        return _subchannel.ShutdownAsync();
    }

    /// <inheritdoc/>
    internal override ChannelSnapshot Observe()
    {
        var calls = _settings.Calls.Observe(_subchannel.Now(), _settings.Time.GetUtcNow());
        var subchannel = _subchannel.Observe(calls);
        return new ChannelSnapshot
        {
            Id = _id,
            Target = _settings.Target,
            State = subchannel.State,
            Calls = calls,
            Created = subchannel.Created,
            EventCount = subchannel.EventCount,
            Events = subchannel.Events,
            Subchannels = [subchannel],
        };
    }

    internal static GrpcChannel Create(
        ChannelTarget target,
        GrpcChannelOptions options,
        Func<string, CancellationToken, Task<System.Net.IPAddress[]>>? lookup)
    {
        var credentials = CredentialsOf(target, options);
        var isSecure = credentials.Ssl is not null;
        var time = options.TimeProvider ?? TimeProvider.System;
        var authority = options.SslTargetNameOverride ?? options.DefaultAuthority ?? target.Authority;
        var logger = EventSourceLogger.Create(options.LoggerFactory, typeof(GrpcChannel).FullName!);
        var tls = credentials.Ssl is { } ssl
            ? new ClientTls(
                ssl,
                time,
                options.UnsafeSkipServerCertificateValidation,
                (reason, cause) => ClientLog.CertificateNotRead(logger, target.Text, reason, cause))
            : null;
        var targetName = options.SslTargetNameOverride ?? target.Host;
        var keepAlive = new KeepAlivePolicy(options, target.IsInProcess);

        // What stays in the memory of this process needs no encryption to be private.
        var allowsInsecure = options.UnsafeUseInsecureChannelCallCredentials || target.IsInProcess;
        ClientTransportOptions TransportOptions() => new()
        {
            Tls = tls,
            TargetName = targetName,
            Http2 = keepAlive.Http2,
            UserTimeout = keepAlive.UserTimeout,
            TimeProvider = time,
        };
        var subchannel = new Subchannel(
            target,
            new DnsResolver(target, isSecure, (options.Proxy ?? ChannelProxy.FromEnvironment).Read(), lookup),
            (address, events, cancellationToken) => ClientTransport.ConnectAsync(address, TransportOptions(), events, cancellationToken),
            BackoffOf(options),
            LimitsOf(options),
            time,
            keepAlive.OnGoAway,
            logger,
            HealthOf(options, credentials, authority, allowsInsecure, time));
        var compression = options.CompressionProviders is { } providers
            ? new CompressionProviderSet(providers)
            : CompressionProviderSet.Default;
        var settings = new ChannelSettings
        {
            Subchannel = subchannel,
            Target = target.Text,
            Authority = authority,
            RequestHeaders = new RequestHeadersWriter(
                isSecure, authority, UserAgent.WithPrefix(options.UserAgentPrefix), compression.AcceptEncoding),
            Compression = compression,
            RequestCompression = RequestCompressionOf(options, compression),
            MessageFormats = [.. options.MessageFormats],
            IsSecure = isSecure,
            CallCredentials = credentials.CallCredentials,
            AllowInsecureCallCredentials = allowsInsecure,
            MaxSendMessageSize = NotNegative(options.MaxSendMessageSize, nameof(options.MaxSendMessageSize)) ?? int.MaxValue,
            MaxReceiveMessageSize = NotNegative(options.MaxReceiveMessageSize, nameof(options.MaxReceiveMessageSize)) ?? -1,
            ThrowOperationCanceled = options.ThrowOperationCanceledOnCancellation,
            Time = time,
            Tracer = new CallTracer(MetricsTargetOf(options, target.CanonicalText), target.ServerAddress, target.ServerPort(isSecure), time, logger),
            Logger = logger,
        };
        return new GrpcChannel(target.IsSecure is null || target.IsInProcess ? target.Text : target.Authority, subchannel, settings);
    }

    private static string MetricsTargetOf(GrpcChannelOptions options, string target) =>
        options.MetricsTargetFilter is not { } allows || allows(target) ? target : OtherTarget;

    private static ConnectionBackoff BackoffOf(GrpcChannelOptions options) => new(
        Positive(options.InitialReconnectBackoff, nameof(options.InitialReconnectBackoff)),
        Positive(options.MaxReconnectBackoff ?? UnboundedBackoff, nameof(options.MaxReconnectBackoff)),
        Random.Shared.NextDouble);

    // Null: connections are ready when they are connected.
    private static HealthWatchFactory? HealthOf(
        GrpcChannelOptions options, ChannelCredentials credentials, string authority, bool allowsInsecure, TimeProvider time)
    {
        if (options.HealthCheckServiceName is not { } service)
        {
            return null;
        }

        var isSecure = credentials.Ssl is not null;
        Func<CancellationToken, Task<Metadata>>? fetch = null;
        Action<Metadata>? refused = null;
        if (credentials.CallCredentials is { } call && CallCredentialsPolicy.CheckTransport(call, isSecure, allowsInsecure) is null)
        {
            fetch = token => CallCredentialsPolicy.FetchAsync(call, CallCredentialsPolicy.CreateContext(isSecure, authority, HealthCheck.Watch, token));
            refused = call.OnRefused;
        }

        var headers = new RequestHeadersWriter(isSecure, authority, UserAgent.WithPrefix(options.UserAgentPrefix), CompressionProviderSet.Identity);
        var check = new HealthCheck(service, headers, fetch, refused);
        return (connection, tell) => new HealthWatch(connection, check, BackoffOf(options), time, tell);
    }

    private static ChannelCredentials CredentialsOf(ChannelTarget target, GrpcChannelOptions options)
    {
        if (options.Credentials is not { } credentials)
        {
            return target.IsSecure switch
            {
                true => ChannelCredentials.SecureSsl,
                false => ChannelCredentials.Insecure,
                null => throw new InvalidOperationException(
                    $"The address '{target.Text}' does not say whether to use TLS: write http:// or https:// in front, or set GrpcChannelOptions.Credentials."),
            };
        }

        var isSecure = credentials.Ssl is not null;
        if (isSecure && target.IsInProcess)
        {
            throw new InvalidOperationException(
                $"The address '{target.Text}' is inside this process, where there is no TLS: use ChannelCredentials.Insecure, or leave Credentials unset.");
        }

        return target.IsSecure is not { } wanted || wanted == isSecure
            ? credentials
            : throw new InvalidOperationException(isSecure
                ? $"The address '{target.Text}' is plaintext (http), but the channel's credentials use TLS: write https://, or use ChannelCredentials.Insecure."
                : $"The address '{target.Text}' asks for TLS (https), but the channel's credentials are insecure: write http://, or use SslCredentials.");
    }

    private static ICompressionProvider? RequestCompressionOf(GrpcChannelOptions options, CompressionProviderSet providers)
    {
        const string option = nameof(options.RequestCompressionAlgorithm);
        return options.RequestCompressionAlgorithm is not { } name || CompressionProviderSet.IsIdentity(name) ? null
            : providers.Find(name) ?? throw new ArgumentException(
                $"{option} is '{name}', which is none of the channel's encodings ({providers.AcceptEncoding}); add a provider of that name to CompressionProviders.",
                nameof(options));
    }

    private static SubchannelLimits LimitsOf(GrpcChannelOptions options)
    {
        const string option = nameof(options.MaxConnectionsPerSubchannel);
        return options.MaxConnectionsPerSubchannel < 1
            ? throw new ArgumentException($"{option} is {options.MaxConnectionsPerSubchannel}; it must be at least 1.", nameof(options))
            : new SubchannelLimits(
                options.EnableMultipleHttp2Connections ? options.MaxConnectionsPerSubchannel : 1,
                options.IdleTimeout == Timeout.InfiniteTimeSpan ? options.IdleTimeout : Positive(options.IdleTimeout, nameof(options.IdleTimeout)));
    }

    private static int? NotNegative(int? value, string name) => value is null or >= 0
        ? value
        : throw new ArgumentException($"{name} is {value}; it must not be negative. Use null for no limit.", name);

    /// <summary>Checks a time of the options.</summary>
    /// <exception cref="ArgumentException">It is not longer than zero.</exception>
    internal static TimeSpan Positive(TimeSpan value, string name) => value > TimeSpan.Zero
        ? value
        : throw new ArgumentException($"{name} is {value}; it must be longer than zero.", name);
}
