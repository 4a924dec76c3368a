// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Client;

namespace Peregrine.Testing;

/// <summary>
/// A running server and channels to it in one process, without ports: the server is a <see cref="GrpcServer"/> on an in-process name of its own, so
/// that a call does everything that it does over a network. Disposing it ends the channels and the server. Thread-safe.
/// </summary>
/// <example>
/// <code>
/// await using InMemoryServer server = InMemoryServer.Start(Greeter.BindService(new GreeterService()));
/// Greeter.GreeterClient client = new(server.Channel);
/// </code>
/// </example>
public sealed class InMemoryServer : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<GrpcChannel> _channels = [];
    private readonly GrpcChannelOptions _channelOptions;
    private GrpcChannel? _channel;
    private bool _isDisposed;

    private InMemoryServer(InMemoryServerOptions options)
    {
        if (options.TimeProvider is { } time)
        {
            options.Server.TimeProvider = time;
            options.Channel.TimeProvider = time;
        }

        Faults = new FaultInjector(options.TimeProvider);
        options.Server.Interceptors.Insert(0, Faults);
        _channelOptions = options.Channel;
        Server = new GrpcServer(options.Server);
        Address = $"inproc:in-memory-server-{Guid.NewGuid():N}";
    }

    /// <summary>The server: to add services later, to shut it down, to cut its connections.</summary>
    public GrpcServer Server { get; }

    /// <summary>The address, for channels that the test makes itself.</summary>
    public string Address { get; }

    /// <summary>Makes calls go wrong. Empty at first.</summary>
    public FaultInjector Faults { get; }

    /// <summary>A channel to the server, made on first use; the same one each time.</summary>
    /// <exception cref="ObjectDisposedException">This was disposed.</exception>
    public GrpcChannel Channel
    {
        get
        {
            lock (_lock)
            {
                return _channel ??= CreateChannel();
            }
        }
    }

    /// <summary>Starts a server with default options.</summary>
    /// <param name="services">The services.</param>
    /// <returns>The server, listening.</returns>
    public static InMemoryServer Start(params IEnumerable<ServerServiceDefinition> services) => Start(new InMemoryServerOptions(), services);

    /// <summary>Starts a server.</summary>
    /// <param name="options">The options of server and channels; for one server only.</param>
    /// <param name="services">The services.</param>
    /// <returns>The server, listening.</returns>
    /// <exception cref="ArgumentException">An option has a value that cannot be used, or two services have a method of the same path.</exception>
    public static InMemoryServer Start(InMemoryServerOptions options, params IEnumerable<ServerServiceDefinition> services)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(services);
        var server = new InMemoryServer(options);
        foreach (var service in services)
        {
            _ = server.Server.AddService(service);
        }

        // Nothing to wait for: a name of this process is taken at once.
        _ = server.Server.ListenAsync(server.Address, ServerCredentials.Insecure).GetAwaiter().GetResult();
        return server;
    }

    /// <summary>Makes another channel, with connections of its own. It is disposed with this.</summary>
    /// <param name="options">Its options; null for <see cref="InMemoryServerOptions.Channel"/>.</param>
    /// <returns>The channel.</returns>
    /// <exception cref="ObjectDisposedException">This was disposed.</exception>
    public GrpcChannel CreateChannel(GrpcChannelOptions? options = null)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            var channel = GrpcChannel.ForAddress(Address, options ?? _channelOptions);
            _channels.Add(channel);
            return channel;
        }
    }

    /// <summary>Ends everything at once: channels are shut down, running calls are cancelled, the name is free again.</summary>
    /// <returns>A task that completes when handlers have been told and connections are closed.</returns>
    public async ValueTask DisposeAsync()
    {
        GrpcChannel[] channels;
        lock (_lock)
        {
            _isDisposed = true;
            channels = [.. _channels];
            _channels.Clear();
        }

        foreach (var channel in channels)
        {
            await channel.ShutdownAsync().ConfigureAwait(false);
        }

        await Server.DisposeAsync().ConfigureAwait(false);
    }
}
