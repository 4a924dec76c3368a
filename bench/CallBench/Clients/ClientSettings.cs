// SPDX-License-Identifier: Apache-2.0
using Bench.Calls;

namespace CallBench.Clients;

/// <summary>What a client is made with.</summary>
internal sealed class ClientSettings(Flags flags)
{
    /// <summary>Whose client: peregrine, http or sockets.</summary>
    public string Kind { get; } = flags.Text("kind");

    public int Port { get; } = flags.Number("port", 0);

    /// <summary>Folder of the server's certificate; null for plaintext.</summary>
    public string? Tls { get; } = flags.Has("tls") ? flags.Text("tls") : null;

    public string Scheme => Tls is null ? "http" : "https";

    /// <summary>Whether calls have a deadline, metadata and an interceptor.</summary>
    public bool Production { get; } = flags.Has("production");

    public bool Gzip { get; } = flags.Has("gzip");

    /// <summary>Whether messages may have any size.</summary>
    public bool Unlimited { get; } = flags.Has("unlimited");

    /// <summary>Number of entries of metadata that each call has.</summary>
    public int Headers { get; } = flags.Number("headers", 0);

    /// <summary>Number of connections; calls take them in turns.</summary>
    public int Connections { get; } = flags.Number("connections", 1);

    public IEchoClient Create() => Kind switch
    {
        "peregrine" => new PeregrineEchoClient(this),
        "http" => new HttpEchoClient(this),
        "sockets" => new SocketEchoClient(this),
        _ => throw new ArgumentException($"kind={Kind} is none of peregrine, http and sockets."),
    };
}
