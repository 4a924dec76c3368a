// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Peregrine.Http2.Hpack;

namespace Peregrine.Diagnostics;

/// <summary>
/// The activities of calls, named and attributed by OpenTelemetry's semantic conventions of RPC and gRPC. The names of the current
/// convention stand beside those of the one up to 1.37, where both can.
/// </summary>
internal static class RpcActivities
{
    /// <summary>Where the activities come from.</summary>
    public static readonly ActivitySource Source = new(PeregrineDiagnostics.ActivitySourceName, PeregrineDiagnostics.Version);

    private const string System = "grpc";
    private const string UnknownMethod = "_OTHER";

    /// <summary>Starts a client's activity below the current one, which stays current. Null: no listener wants it.</summary>
    /// <param name="tracer">Is told of listeners that throw.</param>
    /// <param name="method">The method.</param>
    /// <param name="address">Value of <c>server.address</c>.</param>
    /// <param name="port">Value of <c>server.port</c>; null for none.</param>
    public static Activity? StartClient(CallTracer tracer, RpcMethodName method, string? address, object? port)
    {
        var tags = MethodTags(method);
        AddServer(tags, address, port);
        var ambient = Activity.Current;
        Activity? activity = null;
        try
        {
            activity = Source.CreateActivity(NameOf(method), ActivityKind.Client, default(ActivityContext), tags);
            _ = activity?.Start();
        }
        catch (Exception problem)
        {
            // An activity that was made may have been shown to other listeners: it ends as any.
            tracer.OnListenerFailed(problem);
        }

        MakeCurrent(tracer, ambient);
        return activity;
    }

    /// <summary>Starts a server's activity below the client's, if its headers name one. Null: no listener wants it.</summary>
    public static Activity? StartServer(CallTracer tracer, RpcMethodName method, HeaderList headers, string peer)
    {
        var tags = MethodTags(method);
        if (headers.AuthorityIndex >= 0)
        {
            AddServer(tags, Encoding.Latin1.GetString(headers[headers.AuthorityIndex].Value));
        }

        // The reading thread is nobody's: what is current there belongs to another call at best.
        var ambient = Activity.Current;
        Activity? activity = null;
        try
        {
            Activity.Current = null;
            activity = Source.CreateActivity(NameOf(method), ActivityKind.Server, TraceContext.Extract(headers), tags);
            if (activity is not null)
            {
                TraceContext.CopyBaggage(headers, activity);
                SetPeer(activity, peer);
                _ = activity.Start();
            }
        }
        catch (Exception problem)
        {
            tracer.OnListenerFailed(problem);
        }

        MakeCurrent(tracer, ambient);
        return activity;
    }

    /// <summary>Makes an activity the current one, or none.</summary>
    public static void MakeCurrent(CallTracer tracer, Activity? activity)
    {
        try
        {
            Activity.Current = activity;
        }
        catch (Exception problem)
        {
            // A subscriber of Activity.CurrentChanged: the change is made.
            tracer.OnListenerFailed(problem);
        }
    }

    /// <summary>Names the other end of the connection, from its address as gRPC writes it.</summary>
    public static void SetPeer(Activity activity, string? peer)
    {
        if (peer is null || !activity.IsAllDataRequested)
        {
            return;
        }

        // A client of a Unix domain socket has no address.
        var (address, port) = Split(peer[(peer.IndexOf(':', StringComparison.Ordinal) + 1)..]);
        if (address.Length == 0)
        {
            return;
        }

        _ = activity.SetTag("network.peer.address", address);
        if (port is not null)
        {
            _ = activity.SetTag("network.peer.port", port);
        }
    }

    /// <summary>Ends an activity with the call's status.</summary>
    public static void End(CallTracer tracer, Activity activity, in Status status, bool isError)
    {
        if (activity.IsAllDataRequested)
        {
            var code = StatusCodeNames.Of(status.StatusCode);
            _ = activity.SetTag("rpc.status_code", code);
            _ = activity.SetTag("rpc.grpc.status_code", (int)status.StatusCode);
            if (isError)
            {
                _ = activity.SetTag("error.type", code);
                _ = activity.SetStatus(ActivityStatusCode.Error, status.Detail.Length > 0 ? status.Detail : null);
            }
        }

        // Stop would make current what was current at the start, which is nobody's business on this thread.
        var ambient = Activity.Current;
        try
        {
            activity.Stop();
        }
        catch (Exception problem)
        {
            tracer.OnListenerFailed(problem);
        }

        MakeCurrent(tracer, ambient == activity ? null : ambient);
    }

    /// <summary>Whether a server's status is its own fault, so that its activity shows an error (OpenTelemetry, "gRPC", server spans).</summary>
    public static bool IsServerError(StatusCode code) => code
        is StatusCode.Unknown or StatusCode.DeadlineExceeded or StatusCode.Unimplemented or StatusCode.Internal or StatusCode.Unavailable or StatusCode.DataLoss;

    private static string NameOf(RpcMethodName method) => method.IsRegistered ? method.Full : System;

    private static List<KeyValuePair<string, object?>> MethodTags(RpcMethodName method)
    {
        List<KeyValuePair<string, object?>> tags =
        [
            new("rpc.system.name", System),
            new("rpc.system", System),
            new("rpc.method", method.IsRegistered ? method.Full : UnknownMethod),
        ];
        tags.Add(method.IsRegistered ? new("rpc.service", method.Service) : new("rpc.method_original", method.Full));
        return tags;
    }

    private static void AddServer(List<KeyValuePair<string, object?>> tags, string authority)
    {
        var (address, port) = Split(authority);
        AddServer(tags, address, port);
    }

    private static void AddServer(List<KeyValuePair<string, object?>> tags, string? address, object? port)
    {
        if (address is not null)
        {
            tags.Add(new("server.address", address));
            if (port is not null)
            {
                tags.Add(new("server.port", port));
            }
        }
    }

    // host:port, [address]:port, or what has no port, such as a path.
    private static (string Address, object? Port) Split(string endpoint)
    {
        var colon = endpoint.LastIndexOf(':');
        return colon > endpoint.LastIndexOf(']')
            && ushort.TryParse(endpoint.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? (endpoint[..colon].Trim('[', ']'), (int)port)
            : (endpoint.Trim('[', ']'), null);
    }
}
