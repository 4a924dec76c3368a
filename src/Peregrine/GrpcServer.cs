// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Credentials;
using Peregrine.Diagnostics;
using Peregrine.Http2;
using Peregrine.Interceptors;
using Peregrine.Serving;
using Peregrine.Transport;

namespace Peregrine;

/// <summary>
/// A standalone gRPC server: listens on addresses and serves services, until it is shut down. Thread-safe.
/// </summary>
/// <example>
/// <code>
/// await using var server = new GrpcServer();
/// server.AddService(SayHello.BindService(new SayHelloService()));
/// int port = await server.ListenAsync("127.0.0.1:9090", ServerCredentials.Insecure);
/// </code>
/// </example>
[SuppressMessage("Usage", "CA2213:Disposable fields should be disposed", Justification = "The token source has no timer and no linked parents, and its token outlives the server.")]
public sealed class GrpcServer : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly ServingSettings _settings;
    private readonly Interceptor[] _interceptors;
    private readonly List<Listener> _listeners = [];
    private readonly HashSet<ServerConnection> _connections = [];
    private readonly HashSet<Task> _handshakes = [];
    private readonly HandshakeGate _handshakeGate;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _shutdown = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly long _id = LiveEntities.NextId();
    private DateTimeOffset? _lastCallOfClosed;
    private bool _isStopping;

    /// <summary>Makes a server with default options.</summary>
    public GrpcServer()
        : this(new GrpcServerOptions())
    {
    }

    /// <summary>Makes a server.</summary>
    /// <exception cref="ArgumentException">An option has a value that cannot be used.</exception>
    public GrpcServer(GrpcServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _settings = new ServingSettings(options);
        _interceptors = [.. options.Interceptors];
        _handshakeGate = new HandshakeGate(options.MaxConcurrentHandshakes);
        LiveEntities.ServerTable.Add(_id, this);
    }

    /// <summary>The counters of calls.</summary>
    public ServerStatistics Statistics => _settings.Statistics;

    /// <summary>The services at this moment, in the order in which they were added: a list that does not change, another one when services change.</summary>
    public IReadOnlyList<ServerServiceDefinition> Services => _settings.Methods.Services;

    /// <summary>
    /// Is cancelled once, when the server begins to stop: before clients are told, while calls still run. Callbacks delay the stop; what they throw is
    /// logged.
    /// </summary>
    public CancellationToken StoppingToken => _stopping.Token;

    /// <summary>Completes when the server has been shut down and every connection is closed.</summary>
    public Task ShutdownTask => _shutdown.Task;

    /// <summary>Adds a service; also while the server runs.</summary>
    /// <exception cref="ArgumentException">A method of it is served already.</exception>
    public GrpcServer AddService(ServerServiceDefinition service) => Add(service, options: null);

    /// <summary>Adds a service with options of its own; also while the server runs.</summary>
    /// <param name="service">The service.</param>
    /// <param name="configure">Sets what is other than in the server's options, for the service or for methods of it. Called now.</param>
    /// <returns>This server.</returns>
    /// <exception cref="ArgumentException">
    /// A method of it is served already, or the options name a method that it does not have, or have a value that cannot be used.
    /// </exception>
    public GrpcServer AddService(ServerServiceDefinition service, Action<ServiceOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var options = new ServiceOptions();
        configure(options);
        return Add(service, options);
    }

    /// <summary>Removes a service; also while the server runs. Calls that run go on, new ones end with UNIMPLEMENTED.</summary>
    /// <param name="service">The definition that was given to <see cref="AddService(ServerServiceDefinition)"/>.</param>
    /// <returns>Whether the server had it.</returns>
    public bool RemoveService(ServerServiceDefinition service)
    {
        ArgumentNullException.ThrowIfNull(service);
        lock (_gate)
        {
            var methods = _settings.Methods.Without(service);
            var had = methods != _settings.Methods;
            _settings.Methods = methods;
            return had;
        }
    }

    /// <summary>
    /// Removes services and adds others in their place, at one moment: a call comes before or behind it, so that a service which is in both lists is
    /// never missing. Calls that run go on.
    /// </summary>
    /// <param name="removed">Definitions that the server has; others are passed over.</param>
    /// <param name="added">Definitions to add.</param>
    /// <returns>This server.</returns>
    /// <exception cref="ArgumentException">A method of a service to add is served already, or two of them have it. Nothing was exchanged.</exception>
    public GrpcServer ReplaceServices(IEnumerable<ServerServiceDefinition> removed, IEnumerable<ServerServiceDefinition> added)
    {
        ArgumentNullException.ThrowIfNull(removed);
        ArgumentNullException.ThrowIfNull(added);
        ServerServiceDefinition[] leaving = [.. removed];
        ServerServiceDefinition[] coming = [.. added];
        lock (_gate)
        {
            var methods = _settings.Methods;
            foreach (var service in leaving)
            {
                methods = methods.Without(service);
            }

            foreach (var service in coming)
            {
                methods = methods.With(service, Composition(options: null));
            }

            _settings.Methods = methods;
        }

        return this;
    }

    /// <summary>Listens on an address and serves the connections that come.</summary>
    /// <param name="address">
    /// <c>host:port</c>, where the host is an IP address (IPv6 in brackets), a name, <c>localhost</c>, or <c>*</c> for every address,
    /// and port 0 lets the system choose; or a Unix domain socket: <c>unix:path</c>, <c>unix:///path</c>, or on Linux
    /// <c>unix-abstract:name</c>. A socket's file that a server left behind is replaced; it is deleted when this server stops. Who may
    /// connect is what the folder's permissions say. Or <c>inproc:name</c>, for the channels of this process: the same HTTP/2 without sockets.
    /// </param>
    /// <param name="credentials"><see cref="ServerCredentials.Insecure"/> or <see cref="SslServerCredentials"/>, which <c>inproc:name</c> does not take.</param>
    /// <returns>The port listened on; 0 for addresses without ports.</returns>
    /// <exception cref="ArgumentException">The address or a certificate cannot be used, or an <c>inproc:name</c> was given TLS; the message says what is wrong.</exception>
    /// <exception cref="IOException">
    /// The address cannot be listened on; the message names it and says why, such as a taken port. Or a file of the credentials cannot be read.
    /// </exception>
    /// <exception cref="InvalidOperationException">The server was shut down.</exception>
    public Task<int> ListenAsync(string address, ServerCredentials credentials)
    {
        var listener = Bind(ListenAddress.Parse(address), credentials);
        listener.Start();
        return Task.FromResult(listener.Port);
    }

    /// <summary>
    /// Shuts down gracefully and without a limit: no new connections and calls; running calls end; connections close.
    /// </summary>
    public Task ShutdownAsync() => ShutdownAsync(Timeout.InfiniteTimeSpan);

    /// <summary>Shuts down gracefully, and cancels the calls that still run after a time.</summary>
    /// <param name="drain">How long running calls may go on; <see cref="Timeout.InfiniteTimeSpan"/> for as long as they want.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative; nothing has been begun then.</exception>
    public async Task ShutdownAsync(TimeSpan drain)
    {
        if (drain != Timeout.InfiniteTimeSpan)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(drain, TimeSpan.Zero);
        }

        foreach (var connection in BeginStop())
        {
            connection.Pump.BeginDrain();
        }

        var closed = WaitForConnectionsAsync();
        try
        {
            await closed.WaitAsync(drain > DeadlineTimer.LongestWait ? Timeout.InfiniteTimeSpan : drain, _settings.Time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            await KillAsync().ConfigureAwait(false);
        }

        End();
    }

    /// <summary>Shuts down at once: running calls are cancelled, connections close.</summary>
    public async Task KillAsync()
    {
        foreach (var connection in BeginStop())
        {
            connection.Pump.Close(Http2ErrorCode.NoError, "the server was stopped");
        }

        await WaitForConnectionsAsync().ConfigureAwait(false);
        End();
    }

    /// <summary>
    /// Closes all connections at once and without a farewell, as when the network breaks, and goes on listening: for tests of clients. Calls that run
    /// are cancelled; clients see UNAVAILABLE and connect anew.
    /// </summary>
    public void AbortConnections()
    {
        foreach (var connection in Open())
        {
            connection.Abort("the server aborted its connections");
        }
    }

    /// <summary>Cancels what runs and closes everything, as <see cref="KillAsync"/>; after a shutdown there is nothing left to do.</summary>
    public async ValueTask DisposeAsync() => await KillAsync().ConfigureAwait(false);

    /// <summary>Takes an address without accepting connections yet.</summary>
    internal Listener Bind(ListenAddress address, ServerCredentials credentials)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        if (address.InProcess is not null && credentials.Ssl is not null)
        {
            throw new ArgumentException(
                $"{address.Text} is inside this process, where there is no TLS: use ServerCredentials.Insecure.", nameof(credentials));
        }

        var tls = credentials.Ssl is { } ssl ? new ServerTls(ssl, _settings.Time, LogReadFailure) : null;
        lock (_gate)
        {
            if (_isStopping)
            {
                throw new InvalidOperationException("The server was shut down; make a new one to listen again.");
            }

            Listener listener = address.InProcess is { } name
                ? InProcessListener.Open(name, duplex => Serve(duplex, name.ToString(), TlsAuthContext.Insecure))
                : SocketListener.Open(
                    address,
                    socket => OnAccepted(socket, tls),
                    e => ServerLog.AcceptFailed(_settings.Logger, address.Text, e),
                    _settings.Time);
            _listeners.Add(listener);
            return listener;
        }
    }

    /// <summary>The server now, for <see cref="LiveEntities"/>.</summary>
    internal ServerSnapshot Observe()
    {
        // What ended is read first, so that it is never more than what started.
        var succeeded = Statistics.CallsEnded(StatusCode.OK);
        var failed = Statistics.CallsEndedTotal - Statistics.CallsEnded(StatusCode.OK);
        var started = Statistics.CallsStarted;
        var last = Open().Max(connection => connection.LastCallStarted);
        ListenerSnapshot[] listeners;
        lock (_gate)
        {
            last = Nullable.Compare(last, _lastCallOfClosed) < 0 ? _lastCallOfClosed : last;
            listeners = [.. _listeners.SelectMany(listener => listener.Observed)];
        }

        return new ServerSnapshot { Id = _id, Calls = new CallCounts(started, succeeded, failed, last), Listeners = listeners };
    }

    /// <summary>Its connections from a number on, ascending.</summary>
    internal IReadOnlyList<ConnectionSnapshot> ObserveConnections(long startId, int maxCount) =>
        [.. Open().Where(one => one.Id >= startId).OrderBy(one => one.Id).Take(maxCount).Select(one => one.Observe())];

    /// <summary>Its connection of a number, if it is open.</summary>
    internal ConnectionSnapshot? ObserveConnection(long id) => Array.Find(Open(), one => one.Id == id)?.Observe();

    private ServerConnection[] Open()
    {
        lock (_gate)
        {
            return [.. _connections];
        }
    }

    private void End()
    {
        LiveEntities.ServerTable.Remove(_id);
        _shutdown.TrySetResult();
    }

    private GrpcServer Add(ServerServiceDefinition service, ServiceOptions? options)
    {
        ArgumentNullException.ThrowIfNull(service);
        lock (_gate)
        {
            _settings.Methods = _settings.Methods.With(service, Composition(options));
        }

        return this;
    }

    private MethodComposition Composition(ServiceOptions? options) => new(_interceptors, _settings.MethodDefaults, _settings.MessageFormats, options);

    private void OnAccepted(Socket socket, ServerTls? tls)
    {
        var peer = PeerAddress.Format(socket.RemoteEndPoint);
        if (tls is null)
        {
            Serve(PolledSocketDuplex.Open(socket), peer, TlsAuthContext.Insecure);
            return;
        }

        lock (_gate)
        {
            if (_isStopping)
            {
                socket.Dispose();
                return;
            }

            // Off the accept loop: a handshake begins with certificates and ends when the peer pleases.
            Task handshake = Task.Run(() => HandshakeAsync(socket, tls, peer));
            _handshakes.Add(handshake);
            _ = ForgetAsync(handshake);
        }
    }

    private async Task HandshakeAsync(Socket socket, ServerTls tls, string peer)
    {
        using var timeout = new CancellationTokenSource(DeadlineTimer.Wait(_settings.HandshakeTimeout), _settings.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _stopping.Token);
        try
        {
            var session = await TlsHandshake.AsServerAsync(socket, tls, _handshakeGate, peer, either.Token).ConfigureAwait(false);
            Serve(session.Duplex, peer, session.AuthContext);
        }
        catch (Exception e)
        {
            // Nobody waits for this task: what it throws would be seen by nobody, and the socket stay open.
            socket.Dispose();
            if (!_stopping.IsCancellationRequested)
            {
                ServerLog.HandshakeFailed(_settings.Logger, e.Message, e);
            }
        }
    }

    private void LogReadFailure(string reason, Exception cause) => ServerLog.CertificateNotRead(_settings.Logger, reason, cause);

    private async Task ForgetAsync(Task handshake)
    {
        await handshake.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_gate)
        {
            _handshakes.Remove(handshake);
        }
    }

    private void Serve(ByteDuplex duplex, string peer, AuthContext authContext)
    {
        var connection = new ServerConnection(_settings, duplex, peer, authContext, OnClosed);
        lock (_gate)
        {
            if (_isStopping)
            {
                connection.Pump.Dispose();
                return;
            }

            _connections.Add(connection);
        }

        ServerLog.Connected(_settings.Logger, peer);
        connection.Pump.Start();
    }

    private void OnClosed(ServerConnection connection) => _ = RemoveWhenClosedAsync(connection);

    private async Task RemoveWhenClosedAsync(ServerConnection connection)
    {
        await connection.Pump.Completion.ConfigureAwait(false);
        var last = connection.LastCallStarted;
        lock (_gate)
        {
            _lastCallOfClosed = Nullable.Compare(last, _lastCallOfClosed) > 0 ? last : _lastCallOfClosed;
            _connections.Remove(connection);
        }
    }

    private ServerConnection[] BeginStop()
    {
        bool isFirst;
        ServerConnection[] open;
        lock (_gate)
        {
            isFirst = !_isStopping;
            _isStopping = true;
            foreach (var listener in _listeners)
            {
                listener.Dispose();
            }

            _listeners.Clear();
            open = [.. _connections];
        }

        if (isFirst)
        {
            try
            {
                _stopping.Cancel();
            }
            catch (AggregateException e)
            {
                ServerLog.StopCallbackThrew(_settings.Logger, e);
            }
        }

        return open;
    }

    private async Task WaitForConnectionsAsync()
    {
        Task[] open;
        lock (_gate)
        {
            open = [.. _handshakes, .. _connections.Select(c => c.Pump.Completion)];
        }

        await Task.WhenAll(open).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
