// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine;

/// <summary>An address that a <see cref="Server"/> listens on, and how it is secured.</summary>
public class ServerPort
{
    /// <summary>Lets the system choose the port.</summary>
    public const int PickUnused = 0;

    /// <summary>Makes a port.</summary>
    /// <param name="host">An IP address, a name, <c>localhost</c>, or <c>*</c> for every address.</param>
    /// <param name="port">The port; <see cref="PickUnused"/> lets the system choose.</param>
    /// <param name="credentials">How it is secured.</param>
    /// <exception cref="ArgumentOutOfRangeException">The port is not between 0 and 65535.</exception>
    public ServerPort(string host, int port, ServerCredentials credentials)
        : this(host, port, credentials, 0)
    {
    }

    internal ServerPort(string host, int port, ServerCredentials credentials, int boundPort)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(host);
        ArgumentOutOfRangeException.ThrowIfNegative(port);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, ushort.MaxValue);
        ArgumentNullException.ThrowIfNull(credentials);
        Host = host;
        Port = port;
        Credentials = credentials;
        BoundPort = boundPort;
    }

    /// <summary>The host as it was given.</summary>
    public string Host { get; }

    /// <summary>The port as it was given.</summary>
    public int Port { get; }

    /// <summary>How it is secured.</summary>
    public ServerCredentials Credentials { get; }

    /// <summary>The port that is listened on; 0 in a port that was not added to a server. Read it from <see cref="Server.Ports"/>.</summary>
    public int BoundPort { get; }
}
