// SPDX-License-Identifier: Apache-2.0
namespace CallBench.Measuring;

/// <summary>Whose client asks whose server.</summary>
/// <param name="Key">What the command line calls it.</param>
/// <param name="Name">What tables call it.</param>
/// <param name="Client">The kind of client, or the program of a peer.</param>
/// <param name="Server">The server's program.</param>
internal sealed record Contestant(string Key, string Name, string Client, string Server)
{
    public const string Sockets = "sockets";

    public static readonly Contestant Ours = new("ours", "Peregrine > Peregrine", "peregrine", "PeregrineServer");
    public static readonly Contestant Baseline = new("kestrel", "HttpClient > Kestrel", "http", "KestrelServer");
    public static readonly Contestant OursToKestrel = new("cross", "Peregrine > Kestrel", "peregrine", "KestrelServer");
    public static readonly Contestant HttpToOurs = new("cross", "HttpClient > Peregrine", "http", "PeregrineServer");
    public static readonly Contestant BareSockets = new("sockets", "bare sockets", Sockets, Sockets);

    /// <summary>Other implementations, each its own client and server in one program; those that bench/peers/build.sh has built.</summary>
    public static readonly Contestant[] Peers =
    [
        .. ((Contestant[])
        [
            new("go", "grpc-go > grpc-go", "go-bench", "go-bench"),
            new("cpp", "C++ gRPC > C++ gRPC", "cpp-bench", "cpp-bench"),
            new("rust", "tonic > tonic", "rust-bench", "rust-bench"),
        ]).Where(peer => MeasuredProcess.IsBuilt(peer.Server)),
    ];

    /// <summary>Whether both sides are one program of another language.</summary>
    public bool IsPeer => Client.EndsWith("-bench", StringComparison.Ordinal);

    /// <summary>Whether our figures are compared with its: a client with its own server.</summary>
    public bool IsCompared => IsPeer || this == Baseline;

    /// <summary>What its side of a ratio is called.</summary>
    public string ServerName => Name[(Name.LastIndexOf('>') + 1)..].TrimStart();

    /// <summary>Ours and the baseline first, whose ratio is printed; then each with the other's server, which tells client and server apart.</summary>
    public static readonly Contestant[] Crosswise = [Ours, Baseline, OursToKestrel, HttpToOurs];
}
