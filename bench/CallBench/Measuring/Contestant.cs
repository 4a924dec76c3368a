// SPDX-License-Identifier: Apache-2.0
namespace CallBench.Measuring;

/// <summary>Whose client asks whose server.</summary>
internal sealed record Contestant(string Name, string Client, string Server)
{
    public const string Sockets = "sockets";

    public static readonly Contestant Ours = new("Peregrine > Peregrine", "peregrine", "PeregrineServer");
    public static readonly Contestant Baseline = new("HttpClient > Kestrel", "http", "KestrelServer");
    public static readonly Contestant OursToKestrel = new("Peregrine > Kestrel", "peregrine", "KestrelServer");
    public static readonly Contestant HttpToOurs = new("HttpClient > Peregrine", "http", "PeregrineServer");
    public static readonly Contestant BareSockets = new("bare sockets", Sockets, Sockets);

    /// <summary>Ours and the baseline first, whose ratio is printed; then each with the other's server, which tells client and server apart.</summary>
    public static readonly Contestant[] Crosswise = [Ours, Baseline, OursToKestrel, HttpToOurs];
}
