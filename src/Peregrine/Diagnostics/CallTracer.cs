// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Threading;
using Microsoft.Extensions.Logging;
using Peregrine.Http2.Hpack;

namespace Peregrine.Diagnostics;

/// <summary>
/// The one seam through which calls are observed: traces and metrics hang here and nowhere else. One for each channel and server; it gives
/// a call an object to tell its life to, or null while nobody listens, so that a call then pays one question. Thread-safe; never throws:
/// listeners and propagators are user code, and what they throw is logged while the call goes on.
/// </summary>
/// <param name="target">The channel's canonical target, for <c>grpc.target</c>; null on a server.</param>
/// <param name="serverAddress">The channel's server, for <c>server.address</c>; null on a server.</param>
/// <param name="serverPort">Its port, for <c>server.port</c>; null when the target has none.</param>
/// <param name="time">The clock of durations.</param>
/// <param name="logger">Is told of listeners that throw.</param>
internal sealed class CallTracer(string? target, string? serverAddress, int? serverPort, TimeProvider time, ILogger logger)
{
    // A program has some methods; one that makes up names for its calls must not fill its own memory or that of a metrics store.
    private const int MaxMethods = 1024;

    private readonly ConcurrentDictionary<string, RpcMethodName> _methods = new(StringComparer.Ordinal);
    private readonly object? _serverPort = serverPort;
    private int _hasFailed;

    /// <summary>The channel's canonical target; null on a server.</summary>
    public string? Target => target;

    /// <summary>The clock of durations.</summary>
    public TimeProvider Time => time;

    /// <summary>A client's call begins. Null: nobody listens.</summary>
    /// <remarks>A method whose messages are bare bytes both ways is a proxy's: its name comes from a peer, and counts as not registered.</remarks>
    public ClientCallTrace? StartClientCall(IMethod method)
    {
        var hasListeners = RpcActivities.Source.HasListeners();
        if (!hasListeners && !RpcMetrics.IsClientEnabled)
        {
            return null;
        }

        var name = NameOf(method.FullName, isRegistered: method is not Method<byte[], byte[]>);
        return new ClientCallTrace(this, name, hasListeners ? RpcActivities.StartClient(this, name, serverAddress, _serverPort) : null);
    }

    /// <summary>A server has received a call. Null: nobody listens.</summary>
    /// <param name="registered">The path of a method that a service has; null when none has it, so that its name is the client's invention.</param>
    /// <param name="headers">The request headers; read now, not kept.</param>
    /// <param name="peer">The client's address as gRPC writes it.</param>
    public ServerCallTrace? StartServerCall(string? registered, HeaderList headers, string peer)
    {
        var hasListeners = RpcActivities.Source.HasListeners();
        if (!hasListeners && !RpcMetrics.IsServerEnabled)
        {
            return null;
        }

        var path = registered ?? (headers.PathIndex >= 0 ? Encoding.Latin1.GetString(headers[headers.PathIndex].Value) : "");
        var name = NameOf(path, registered is not null);
        return new ServerCallTrace(this, name, hasListeners ? RpcActivities.StartServer(this, name, headers, peer) : null);
    }

    /// <summary>The metadata that carries an activity to the server; null for none.</summary>
    /// <param name="activity">The call's activity, or without one the current; null for none.</param>
    /// <param name="own">The caller's own metadata.</param>
    public Metadata? Inject(Activity? activity, Metadata? own)
    {
        try
        {
            return TraceContext.Inject(activity, own);
        }
        catch (Exception problem)
        {
            OnListenerFailed(problem);
            return null;
        }
    }

    /// <summary>
    /// A listener or a propagator has thrown. The platform lets that through to whoever is observed; here it must not cost a call, or the
    /// connection of many. Told once, since every call would meet it.
    /// </summary>
    internal void OnListenerFailed(Exception problem)
    {
        if (Interlocked.Exchange(ref _hasFailed, 1) == 0)
        {
            DiagnosticsLog.ListenerFailed(logger, target ?? "a server", problem);
        }
    }

    private RpcMethodName NameOf(string path, bool isRegistered)
    {
        if (!isRegistered)
        {
            return new RpcMethodName(path, isRegistered: false);
        }

        if (_methods.TryGetValue(path, out var known))
        {
            return known;
        }

        var name = new RpcMethodName(path, isRegistered: _methods.Count < MaxMethods);
        return name.IsRegistered ? _methods.GetOrAdd(path, name) : name;
    }
}
