// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Threading.Tasks;
using Peregrine.Transport;

namespace Peregrine;

/// <summary>
/// A server in the shape that users of gRPC's native C# package know; a thin shell over <see cref="GrpcServer"/>, which offers more.
/// </summary>
/// <example>
/// <code>
/// var server = new Server
/// {
///     Services = { SayHello.BindService(new SayHelloService()) },
///     Ports = { new ServerPort("127.0.0.1", 9090, ServerCredentials.Insecure) },
/// };
/// server.Start();
/// </code>
/// </example>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "The contract's shape has ShutdownAsync and KillAsync; either frees everything.")]
public class Server
{
    private readonly GrpcServer _server;
    private bool _isStarted;

    /// <summary>Makes a server with default options.</summary>
    public Server()
        : this(new GrpcServerOptions())
    {
    }

    /// <summary>Makes a server.</summary>
    /// <param name="options">The options; read now, not kept.</param>
    /// <exception cref="ArgumentException">An option has a value that cannot be used.</exception>
    public Server(GrpcServerOptions options)
    {
        _server = new GrpcServer(options);
        Services = new ServiceDefinitionCollection(this);
        Ports = new ServerPortCollection(this);
    }

    /// <summary>Makes a server.</summary>
    /// <param name="options">
    /// Options by name: <see cref="ChannelOptions.MaxConcurrentStreams"/>, <see cref="ChannelOptions.MaxReceiveMessageLength"/>,
    /// <see cref="ChannelOptions.MaxSendMessageLength"/>. For more there is <see cref="GrpcServerOptions"/>.
    /// </param>
    /// <exception cref="ArgumentException">An option is not known to servers, or has a value that cannot be used.</exception>
    public Server(IEnumerable<ChannelOption> options)
        : this(Translate(options))
    {
    }

    /// <summary>The services; add them before <see cref="Start"/>.</summary>
    public ServiceDefinitionCollection Services { get; }

    /// <summary>The ports; a port is bound when it is added, and served from <see cref="Start"/> on.</summary>
    public ServerPortCollection Ports { get; }

    /// <summary>Completes when the server has been shut down and every connection is closed.</summary>
    public Task ShutdownTask => _server.ShutdownTask;

    /// <summary>The counters of calls.</summary>
    public ServerStatistics Statistics => _server.Statistics;

    /// <summary>Begins to serve.</summary>
    /// <exception cref="InvalidOperationException">The server was started before.</exception>
    public void Start()
    {
        if (_isStarted)
        {
            throw new InvalidOperationException("The server was started before.");
        }

        _isStarted = true;
        foreach (var listener in Ports.Listeners)
        {
            listener.Start();
        }
    }

    /// <summary>Shuts down gracefully: no new calls; completes when running calls have ended and connections are closed.</summary>
    public Task ShutdownAsync() => _server.ShutdownAsync();

    /// <summary>Shuts down at once: running calls are cancelled.</summary>
    public Task KillAsync() => _server.KillAsync();

    private static GrpcServerOptions Translate(IEnumerable<ChannelOption> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var translated = new GrpcServerOptions();
        foreach (var option in options)
        {
            switch (option.Name)
            {
                case ChannelOptions.MaxConcurrentStreams:
                    translated.MaxConcurrentStreams = option.IntValue;
                    break;
                case ChannelOptions.MaxReceiveMessageLength:
                    translated.MaxReceiveMessageSize = option.IntValue < 0 ? null : option.IntValue;
                    break;
                case ChannelOptions.MaxSendMessageLength:
                    translated.MaxSendMessageSize = option.IntValue < 0 ? null : option.IntValue;
                    break;
                default:
                    throw new ArgumentException(
                        $"The channel option '{option.Name}' is not known to servers; see {nameof(ChannelOptions)} for those that are.",
                        nameof(options));
            }
        }

        return translated;
    }

    /// <summary>The services of a <see cref="Server"/>.</summary>
    public class ServiceDefinitionCollection : IEnumerable<ServerServiceDefinition>
    {
        private readonly List<ServerServiceDefinition> _definitions = [];
        private readonly Server _owner;

        internal ServiceDefinitionCollection(Server owner) => _owner = owner;

        /// <summary>Adds a service.</summary>
        /// <exception cref="InvalidOperationException">The server was started.</exception>
        /// <exception cref="ArgumentException">A method of it is served already.</exception>
        public void Add(ServerServiceDefinition serviceDefinition)
        {
            if (_owner._isStarted)
            {
                throw new InvalidOperationException("Services are added before the server starts.");
            }

            _owner._server.AddService(serviceDefinition);
            _definitions.Add(serviceDefinition);
        }

        /// <inheritdoc/>
        public IEnumerator<ServerServiceDefinition> GetEnumerator() => _definitions.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    /// <summary>The ports of a <see cref="Server"/>.</summary>
    public class ServerPortCollection : IEnumerable<ServerPort>
    {
        private readonly List<ServerPort> _ports = [];
        private readonly Server _owner;

        internal ServerPortCollection(Server owner) => _owner = owner;

        internal List<Listener> Listeners { get; } = [];

        /// <summary>Binds a port.</summary>
        /// <returns>The port that is listened on.</returns>
        /// <exception cref="IOException">The address cannot be listened on; the message names it and says why.</exception>
        /// <exception cref="InvalidOperationException">The server was started.</exception>
        public int Add(ServerPort serverPort)
        {
            ArgumentNullException.ThrowIfNull(serverPort);
            if (_owner._isStarted)
            {
                throw new InvalidOperationException("Ports are added before the server starts.");
            }

            var listener = _owner._server.Bind(Transport.ListenAddress.Of(serverPort.Host, serverPort.Port), serverPort.Credentials);
            Listeners.Add(listener);
            _ports.Add(new ServerPort(serverPort.Host, serverPort.Port, serverPort.Credentials, listener.Port));
            return listener.Port;
        }

        /// <summary>Binds a port.</summary>
        /// <returns>The port that is listened on.</returns>
        /// <exception cref="IOException">The address cannot be listened on; the message names it and says why.</exception>
        /// <exception cref="InvalidOperationException">The server was started.</exception>
        public int Add(string host, int port, ServerCredentials credentials) => Add(new ServerPort(host, port, credentials));

        /// <inheritdoc/>
        public IEnumerator<ServerPort> GetEnumerator() => _ports.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
