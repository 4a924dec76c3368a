// SPDX-License-Identifier: Apache-2.0
using System;
using Microsoft.Extensions.Logging;

namespace Peregrine.Serving;

/// <summary>What the server logs; event ids 100 to 149.</summary>
internal static partial class ServerLog
{
    public const string Category = "Peregrine.Server";

    [LoggerMessage(100, LogLevel.Error, "The handler of {Method} threw an exception; the call ends with {StatusCode}.")]
    public static partial void HandlerFailed(ILogger logger, string method, StatusCode statusCode, Exception exception);

    [LoggerMessage(101, LogLevel.Error, "A callback registered on the cancellation token of a call to {Method} threw an exception.")]
    public static partial void CancellationCallbackFailed(ILogger logger, string method, Exception exception);

    [LoggerMessage(102, LogLevel.Warning, "Accepting a connection on {Address} failed; accepting goes on.")]
    public static partial void AcceptFailed(ILogger logger, string address, Exception exception);

    [LoggerMessage(103, LogLevel.Warning, "{Reason}")]
    public static partial void HandshakeFailed(ILogger logger, string reason, Exception exception);

    [LoggerMessage(104, LogLevel.Warning, "{Peer} sent a TLS ClientHello to the plaintext port; connect without TLS, or give the port SslServerCredentials.")]
    public static partial void TlsOnPlaintextPort(ILogger logger, string peer);

    [LoggerMessage(105, LogLevel.Warning, "{Peer} sent an HTTP/1.x request to the gRPC port; it was answered with 505.")]
    public static partial void Http1OnPort(ILogger logger, string peer);

    [LoggerMessage(106, LogLevel.Warning, "The method {Method} held its connection's reading thread repeatedly; most of its calls start on the thread pool now.")]
    public static partial void MethodBlocks(ILogger logger, string method);

    [LoggerMessage(107, LogLevel.Warning, "The status or trailers of a call to {Method} did not fit the client's header limit and were cut.")]
    public static partial void TrailersCut(ILogger logger, string method);

    [LoggerMessage(108, LogLevel.Debug, "The connection of {Peer} ended: {Reason}")]
    public static partial void ConnectionEnded(ILogger logger, string peer, string reason);

    [LoggerMessage(109, LogLevel.Debug, "{Peer} is connected.")]
    public static partial void Connected(ILogger logger, string peer);

    [LoggerMessage(110, LogLevel.Debug, "A call of {Method} from {Peer} ended with {StatusCode}: {Detail}")]
    public static partial void CallFailed(ILogger logger, string method, string peer, StatusCode statusCode, string detail);

    [LoggerMessage(111, LogLevel.Debug, "A call from {Peer} was refused with {StatusCode}: {Detail}")]
    public static partial void CallRejected(ILogger logger, string peer, StatusCode statusCode, string detail);

    [LoggerMessage(112, LogLevel.Error, "A callback registered on the server's stopping token threw an exception; the server stops all the same.")]
    public static partial void StopCallbackThrew(ILogger logger, Exception exception);

    [LoggerMessage(113, LogLevel.Error, "The authorization policy of {Method} threw an exception; the call ends with Internal.")]
    public static partial void AuthorizationFailed(ILogger logger, string method, Exception exception);

    [LoggerMessage(114, LogLevel.Warning, "Certificates, or what is trusted, cannot be read again; what was read before is used on. {Reason}")]
    public static partial void CertificateNotRead(ILogger logger, string reason, Exception exception);
}
