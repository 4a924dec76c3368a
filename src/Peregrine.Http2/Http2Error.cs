// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace Peregrine.Http2;

/// <summary>Why a stream or a connection ended: a value, never an exception, since a peer's behaviour is not exceptional.</summary>
/// <param name="Scope">What it ends.</param>
/// <param name="Code">The code sent or received.</param>
/// <param name="Initiator">Who started it.</param>
/// <param name="Reason">One sentence for logs and status messages; null when the code says all.</param>
public readonly record struct Http2Error(
    Http2ErrorScope Scope, Http2ErrorCode Code, Http2ErrorInitiator Initiator, string? Reason)
{
    /// <summary>Whether the code is another than <see cref="Http2ErrorCode.NoError"/>.</summary>
    public bool IsFailure => Code != Http2ErrorCode.NoError;

    /// <summary>The standard's name of a code, as it stands in logs: <c>PROTOCOL_ERROR</c>.</summary>
    public static string NameOf(Http2ErrorCode code) => code switch
    {
        Http2ErrorCode.NoError => "NO_ERROR",
        Http2ErrorCode.ProtocolError => "PROTOCOL_ERROR",
        Http2ErrorCode.InternalError => "INTERNAL_ERROR",
        Http2ErrorCode.FlowControlError => "FLOW_CONTROL_ERROR",
        Http2ErrorCode.SettingsTimeout => "SETTINGS_TIMEOUT",
        Http2ErrorCode.StreamClosed => "STREAM_CLOSED",
        Http2ErrorCode.FrameSizeError => "FRAME_SIZE_ERROR",
        Http2ErrorCode.RefusedStream => "REFUSED_STREAM",
        Http2ErrorCode.Cancel => "CANCEL",
        Http2ErrorCode.CompressionError => "COMPRESSION_ERROR",
        Http2ErrorCode.ConnectError => "CONNECT_ERROR",
        Http2ErrorCode.EnhanceYourCalm => "ENHANCE_YOUR_CALM",
        Http2ErrorCode.InadequateSecurity => "INADEQUATE_SECURITY",
        Http2ErrorCode.Http11Required => "HTTP_1_1_REQUIRED",
        _ => "0x" + ((uint)code).ToString("x", CultureInfo.InvariantCulture),
    };

    /// <inheritdoc/>
    public override string ToString()
    {
        string who = Initiator switch
        {
            Http2ErrorInitiator.Remote => "by the peer",
            Http2ErrorInitiator.Library => "by this end",
            _ => "on request",
        };
        string what = Scope == Http2ErrorScope.Stream ? "stream ended " : "connection ended ";
        return Reason is null ? $"{what}{who} with {NameOf(Code)}" : $"{what}{who} with {NameOf(Code)}: {Reason}";
    }
}
