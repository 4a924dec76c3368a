// SPDX-License-Identifier: Apache-2.0
using System;
using Peregrine.Compression;
using Peregrine.Diagnostics;
using Peregrine.Http2;
using Peregrine.Http2.Hpack;
using Peregrine.Protocol;
using Peregrine.Transport;

namespace Peregrine.Serving;

/// <summary>One connection of a client: turns requests into calls.</summary>
internal sealed class ServerConnection : ConnectionHandler
{
    private readonly Action<ServerConnection> _closed;
    private readonly ByteDuplex _duplex;

    public ServerConnection(
        ServingSettings settings, ByteDuplex duplex, string peer, AuthContext authContext, Action<ServerConnection> closed)
    {
        Settings = settings;
        Peer = peer;
        AuthContext = authContext;
        _closed = closed;
        _duplex = duplex;
        var http2 = duplex is InProcessDuplex ? settings.InProcessHttp2 : settings.Http2;
        Pump = new Http2Pump(Http2Role.Server, duplex, http2, settings.Time, this);
        Lifetime = settings.ConnectionLimits.AreNone ? null
            : new ConnectionLifetime(settings.ConnectionLimits, Random.Shared.NextDouble(), settings.Time, Pump);
    }

    public ServingSettings Settings { get; }

    /// <summary>The number by which <see cref="LiveEntities"/> knows it.</summary>
    public long Id { get; } = LiveEntities.NextId();

    /// <summary>The client's address as gRPC writes it.</summary>
    public string Peer { get; }

    /// <summary>What TLS says about the client.</summary>
    public AuthContext AuthContext { get; }

    public Http2Pump Pump { get; }

    /// <summary>Ends the connection when its time has come; null when it has no limit.</summary>
    public ConnectionLifetime? Lifetime { get; }

    /// <summary>When its last call came, in UTC; null for never.</summary>
    public DateTimeOffset? LastCallStarted => ConnectionObservation.LastRemoteStream(Pump, Settings.Time);

    /// <summary>The connection now, for <see cref="LiveEntities"/>.</summary>
    public ConnectionSnapshot Observe() => ConnectionObservation.Of(Id, Pump, _duplex, Peer, Settings.Time);

    /// <summary>Closes at once, without a farewell: nothing more is sent.</summary>
    public void Abort(string reason) =>
        Pump.Abort(new Http2Error(Http2ErrorScope.Connection, Http2ErrorCode.Cancel, Http2ErrorInitiator.User, reason), exception: null);

    /// <inheritdoc/>
    public override StreamHandler OnRequest(HeaderList headers)
    {
        if (!RequestHeadersReader.TryRead(headers, out var request, out var rejection))
        {
            var isHead = headers.MethodIndex >= 0 && headers[headers.MethodIndex].Value.SequenceEqual("HEAD"u8);
            return new RejectedRequest(this, rejection, method: null, isHead, extra: null);
        }

        // A method that no service has goes by its path alone.
        var known = Settings.Methods.Find(headers);
        var formatted = known is null ? Settings.UnknownMethods?.InFormat(request.ContentSubtype) : known.InFormat(request.ContentSubtype);
        if (formatted is null)
        {
            var refusal = WhyNoMethod(known, request);
            if ((known?.Settings ?? Settings.MethodDefaults) is not { Authorization: not null } settings)
            {
                return Reject(known, refusal.StatusCode, refusal.Detail);
            }

            formatted = new RefusedMethod(settings.InFormat(ContentType.ReadSubtype(request.ContentSubtype)), refusal) { IsAnyMethod = known is null };
        }

        ICompressionProvider? compression = null;
        if (!CompressionProviderSet.IsIdentity(request.Encoding))
        {
            compression = Settings.Compression.Find(request.Encoding);
            if (compression is null)
            {
                return Reject(
                    known,
                    StatusCode.Unimplemented,
                    "The request's grpc-encoding is not supported by this server; grpc-accept-encoding names those that are.",
                    Settings.MethodDefaults.ResponseHeaders.AcceptEncoding);
            }
        }

        return request.Timeout <= TimeSpan.Zero
            ? Reject(known, StatusCode.DeadlineExceeded, "The call's deadline had passed when it arrived.")
            : ServerCall.For(this, formatted, known?.Path ?? request.GetPath(), headers, request, compression);
    }

    /// <inheritdoc/>
    public override ForeignVerdict OnForeignBytes(ReadOnlySpan<byte> bytes)
    {
        switch (ForeignProtocol.Classify(bytes))
        {
            case ForeignProtocol.Kind.Http1:
                ServerLog.Http1OnPort(Settings.Logger, Peer);
                _ = Pump.AnswerForeignAsync(ForeignProtocol.Http1Answer);
                return ForeignVerdict.Answered;
            case ForeignProtocol.Kind.Tls:
                ServerLog.TlsOnPlaintextPort(Settings.Logger, Peer);
                return ForeignVerdict.Refuse;
            case ForeignProtocol.Kind.Undecided:
                return ForeignVerdict.NeedMore;
            default:
                return ForeignVerdict.Refuse;
        }
    }

    /// <inheritdoc/>
    public override void OnClosed(in Http2Error error, Exception? cause)
    {
        Lifetime?.Dispose();
        ServerLog.ConnectionEnded(Settings.Logger, Peer, cause?.Message ?? error.ToString());
        _closed(this);
    }

    private Status WhyNoMethod(ServerMethod? known, in RequestHeadersReader request) => new(
        StatusCode.Unimplemented,
        known is null && Settings.UnknownMethods is null
            ? $"The method {request.GetPath()} is not implemented by this server."
            : $"The message format of content-type '{ContentType.Of(request.GetContentSubtype())}' is not supported; {known?.Path ?? request.GetPath()} speaks {known?.FormatNames ?? "any format with a name of letters, digits, '.', '-' and '_'"}.");

    private RejectedRequest Reject(ServerMethod? method, StatusCode code, string detail, HeaderTemplate? extra = null) =>
        new(this, RequestRejection.Grpc(code, detail), method, isHead: false, extra);
}
