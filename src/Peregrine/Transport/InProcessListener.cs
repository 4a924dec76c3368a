// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Threading;
using Peregrine.Diagnostics;

namespace Peregrine.Transport;

/// <summary>
/// A name of this process that a server listens on. The names of all servers stand in one table, as the ports of a machine do.
/// </summary>
internal sealed class InProcessListener : Listener
{
    private static readonly ConcurrentDictionary<string, InProcessListener> Names = new(StringComparer.Ordinal);

    private readonly Lock _gate = new();
    private readonly string _name;
    private readonly ListenerSnapshot[] _observed;
    private readonly Action<ByteDuplex> _accepted;
    private readonly List<ByteDuplex> _waiting = [];
    private bool _started;
    private bool _stopped;

    private InProcessListener(InProcessEndPoint endPoint, Action<ByteDuplex> accepted)
    {
        _name = endPoint.Name;
        _observed = [new ListenerSnapshot { Id = LiveEntities.NextId(), Address = endPoint.ToString() }];
        _accepted = accepted;
    }

    /// <summary>Takes a name; connections wait until <see cref="Start"/>.</summary>
    /// <param name="endPoint">The name.</param>
    /// <param name="accepted">Takes over the server's end of each connection; must return at once.</param>
    /// <exception cref="IOException">Another server of this process has the name.</exception>
    public static InProcessListener Open(InProcessEndPoint endPoint, Action<ByteDuplex> accepted)
    {
        var listener = new InProcessListener(endPoint, accepted);
        return Names.TryAdd(endPoint.Name, listener)
            ? listener
            : throw new IOException($"Listening on {endPoint} failed: the name is already taken by another server of this process.");
    }

    /// <summary>Connects to the server that listens on a name. False: none does.</summary>
    public static bool TryConnect(InProcessEndPoint endPoint, [NotNullWhen(true)] out ByteDuplex? client)
    {
        client = null;
        return Names.TryGetValue(endPoint.Name, out var listener) && listener.TryConnect(out client);
    }

    /// <inheritdoc/>
    public override int Port => 0;

    /// <inheritdoc/>
    public override IReadOnlyList<ListenerSnapshot> Observed => _observed;

    /// <inheritdoc/>
    public override void Start()
    {
        ByteDuplex[] waited;
        lock (_gate)
        {
            _started = true;
            waited = [.. _waiting];
            _waiting.Clear();
        }

        foreach (var connection in waited)
        {
            _accepted(connection);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _ = Names.TryRemove(new KeyValuePair<string, InProcessListener>(_name, this));
        lock (_gate)
        {
            _stopped = true;
            foreach (var connection in _waiting)
            {
                connection.Dispose();
            }

            _waiting.Clear();
        }
    }

    private bool TryConnect([NotNullWhen(true)] out ByteDuplex? client)
    {
        (client, var server) = InProcessDuplex.CreatePair();
        lock (_gate)
        {
            if (_stopped)
            {
                client = null;
                return false;
            }

            if (!_started)
            {
                _waiting.Add(server);
                return true;
            }
        }

        _accepted(server);
        return true;
    }
}
