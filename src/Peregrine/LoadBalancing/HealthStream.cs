// SPDX-License-Identifier: Apache-2.0
using Peregrine.Http2;
using Peregrine.Http2.Hpack;
using Peregrine.Protocol;
using Peregrine.Transport;

namespace Peregrine.LoadBalancing;

/// <summary>One call of Watch, as its stream tells of it. The callbacks run on the reading thread and note what came; the watch reads it.</summary>
internal sealed class HealthStream : StreamHandler
{
    private const int HttpOk = 200;

    private readonly System.Threading.Lock _lock = new();
    private Status? _ended;

    /// <summary>How the call ended; asked when its messages are read.</summary>
    internal Status Ended
    {
        get
        {
            lock (_lock)
            {
                return _ended ?? new Status(StatusCode.Internal, "The server's answer is broken.");
            }
        }
    }

    public override void OnHeaders(HeaderList headers, bool endStream)
    {
        // Trailers-Only has the status; a response that is not gRPC says by its HTTP status what is wrong, and its body is of no interest.
        if (endStream || headers.Status != HttpOk)
        {
            End(ResponseTrailersReader.Read(headers, headers.Status, out _));
        }

        Http2Connection.ReleaseHeaders(headers);
        Stream.Wake();
    }

    public override void OnEndOfStream(HeaderList? trailers)
    {
        End(trailers is null ? ResponseTrailersReader.WithoutStatus(HttpOk) : ResponseTrailersReader.Read(trailers, HttpOk, out _));
        if (trailers is not null)
        {
            Http2Connection.ReleaseHeaders(trailers);
        }

        Stream.Wake();
    }

    public override void OnFailed(in StreamFailure failure)
    {
        End(new Status(StatusMapping.FromResetCode((uint)failure.Error.Code), failure.Error.ToString(), failure.Cause));
        Stream.Wake();
    }

    /// <summary>Whether a response that is not gRPC came.</summary>
    internal bool HasEnded
    {
        get
        {
            lock (_lock)
            {
                return _ended is not null;
            }
        }
    }

    private void End(Status status)
    {
        lock (_lock)
        {
            _ended ??= status;
        }
    }
}
