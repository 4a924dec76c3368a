// SPDX-License-Identifier: Apache-2.0
using System;
using System.Globalization;
using System.Text;
using System.Threading;
using Peregrine.Http2;
using Peregrine.Http2.Hpack;
using Peregrine.Protocol;
using Peregrine.Transport;

namespace Peregrine.Serving;

/// <summary>
/// A request that becomes no call. What a gRPC client should learn is answered at once as a Trailers-Only response; what is not gRPC
/// gets an HTTP status and a short text.
/// </summary>
/// <remarks>
/// HTTP answers wait until the request has ended, or until so much of its body, or so much time, has gone by: a plain HTTP client
/// that is still uploading might drop an early answer (RFC 9113 section 8.1 makes it optional to read).
/// </remarks>
internal sealed class RejectedRequest(
    ServerConnection connection, RequestRejection rejection, ServerMethod? method, bool isHead, HeaderTemplate? extra) : StreamHandler
{
    private const int MaxBodyAwaited = 64 * 1024;

    private static readonly TimeSpan MaxTimeAwaited = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private ITimer? _timer;
    private int _bodyLength;
    private bool _requestEnded;
    private bool _answered;
    private HeaderTemplate? _content;

    /// <inheritdoc/>
    public override void OnHeaders(HeaderList headers, bool endStream)
    {
        var trace = rejection.IsGrpc ? connection.Settings.Tracer.StartServerCall(method?.Path, headers, connection.Peer) : null;
        _content = ContentOf(headers);
        Http2Connection.ReleaseHeaders(headers);
        _requestEnded = endStream;
        if (rejection.IsGrpc)
        {
            connection.Settings.Statistics.OnStarted();
            Answer();
            connection.Settings.Statistics.OnEnded(rejection.Status.StatusCode);
            trace?.End(rejection.Status);
            ServerLog.CallRejected(
                connection.Settings.Logger, connection.Peer, rejection.Status.StatusCode, PrintableText.Escape(rejection.Status.Detail));
        }
        else if (endStream)
        {
            Answer();
        }
        else
        {
            _timer = connection.Settings.Time.CreateTimer(
                static request => ((RejectedRequest)request!).Answer(), this, MaxTimeAwaited, Timeout.InfiniteTimeSpan);
        }
    }

    /// <inheritdoc/>
    public override bool KeepsData => false;

    /// <inheritdoc/>
    public override void OnData(int length)
    {
        _bodyLength += length;
        if (_bodyLength >= MaxBodyAwaited)
        {
            Answer();
        }
    }

    /// <inheritdoc/>
    public override void OnEndOfStream(HeaderList? trailers)
    {
        _requestEnded = true;
        if (trailers is not null)
        {
            Http2Connection.ReleaseHeaders(trailers);
        }

        Answer();
    }

    /// <inheritdoc/>
    public override void OnFailed(in StreamFailure failure)
    {
        lock (_gate)
        {
            _answered = true;
        }

        _timer?.Dispose();
        Stream.Release();
    }

    private void Answer()
    {
        lock (_gate)
        {
            if (_answered)
            {
                return;
            }

            _answered = true;
        }

        _timer?.Dispose();
        var headers = new OutgoingHeaders();
        if (rejection.IsGrpc)
        {
            ResponseTrailersWriter.Write(
                headers, rejection.Status, metadata: null, isTrailersOnly: true, Stream.Pump.PeerMaxHeaderListSize, extra, _content);
            Stream.SendHeaders(headers, endStream: true, flush: _requestEnded);
        }
        else
        {
            SendHttpAnswer(headers);
        }

        if (!_requestEnded)
        {
            Stream.ResetAfterSend(Http2ErrorCode.NoError);
        }

        Stream.Release();
    }

    // The content-type of the answer is that of the request, also when that is why it was rejected; null for the binary format.
    private static HeaderTemplate? ContentOf(HeaderList headers)
    {
        foreach (ref readonly var field in headers.Fields)
        {
            if (field.Name.SequenceEqual(HeaderNames.ContentType) && ContentType.FindSubtype(field.Value) is { } subtype)
            {
                return new HeaderTemplate("content-type", ContentType.Of(subtype));
            }
        }

        return null;
    }

    private void SendHttpAnswer(OutgoingHeaders headers)
    {
        var text = Encoding.UTF8.GetBytes(rejection.Status.Detail + "\n");
        headers.Add(":status"u8, Encoding.ASCII.GetBytes(rejection.HttpStatus.ToString(CultureInfo.InvariantCulture)));
        headers.Add("content-type"u8, "text/plain; charset=utf-8"u8);
        headers.Add("content-length"u8, Encoding.ASCII.GetBytes(text.Length.ToString(CultureInfo.InvariantCulture)));
        if (rejection.HttpStatus == 405)
        {
            headers.Add("allow"u8, "POST"u8);
        }

        // The answer to HEAD has the length but not the text.
        if (isHead)
        {
            Stream.SendHeaders(headers, endStream: true, flush: _requestEnded);
        }
        else
        {
            Stream.SendHeaders(headers, endStream: false, flush: false);
            Stream.SendData(text, endStream: true, flush: _requestEnded);
        }
    }
}
