// SPDX-License-Identifier: Apache-2.0

namespace Peregrine.Diagnostics;

/// <summary>A method's name in the forms that traces and metrics have.</summary>
internal sealed class RpcMethodName
{
    /// <summary>What stands in <c>grpc.method</c> for methods whose names the program does not know (gRFC A66).</summary>
    private const string OtherInMetrics = "other";

    public RpcMethodName(string path, bool isRegistered)
    {
        var full = path.StartsWith('/') ? path[1..] : path;
        var slash = full.LastIndexOf('/');
        Full = full;
        Service = slash < 0 ? "" : full[..slash];
        IsRegistered = isRegistered;
        Metric = isRegistered ? full : OtherInMetrics;
    }

    /// <summary><c>package.Service/Method</c>.</summary>
    public string Full { get; }

    /// <summary><c>package.Service</c>; empty when the path has none.</summary>
    public string Service { get; }

    /// <summary>Whether the program knows the name, so that there are not more of them than it has methods.</summary>
    public bool IsRegistered { get; }

    /// <summary>The value of <c>grpc.method</c>.</summary>
    public string Metric { get; }
}
