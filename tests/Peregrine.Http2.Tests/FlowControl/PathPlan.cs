// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Http2.Tests.FlowControl;

/// <summary>What a run of <see cref="CallsOnPath"/> is made of; all else follows from the seed.</summary>
internal sealed record PathPlan(int Seed)
{
    /// <summary>How many calls the client makes.</summary>
    public int Calls { get; init; } = 30;

    /// <summary>The largest request or response, in octets.</summary>
    public int LargestBody { get; init; } = 200_000;

    /// <summary>The longest time in milliseconds between two calls, and between a request and its response.</summary>
    public int LongestPause { get; init; } = 100;

    /// <summary>The share of calls that one side resets.</summary>
    public double Resets { get; init; } = 0.1;

    /// <summary>The share of segments that are lost, each way.</summary>
    public double Loss { get; init; }

    /// <summary>The connection ends when the server has received so many octets.</summary>
    public long CutToServer { get; init; } = long.MaxValue;

    /// <summary>The connection ends when the client has received so many octets.</summary>
    public long CutToClient { get; init; } = long.MaxValue;

    /// <summary>The client's options.</summary>
    public Http2ConnectionOptions Client { get; init; } = new();

    /// <summary>The server's options.</summary>
    public Http2ConnectionOptions Server { get; init; } = new();
}
