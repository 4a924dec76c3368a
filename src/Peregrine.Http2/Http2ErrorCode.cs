// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Http2;

/// <summary>Error codes of RST_STREAM and GOAWAY (RFC 9113 section 7). Unknown codes of a peer are kept as their number.</summary>
public enum Http2ErrorCode : uint
{
    /// <summary>Not an error: a graceful end.</summary>
    NoError = 0x0,

    /// <summary>The peer broke the protocol in a way no other code names.</summary>
    ProtocolError = 0x1,

    /// <summary>An unexpected failure at this end.</summary>
    InternalError = 0x2,

    /// <summary>The peer sent more than a flow-control window allows.</summary>
    FlowControlError = 0x3,

    /// <summary>SETTINGS were not acknowledged in time.</summary>
    SettingsTimeout = 0x4,

    /// <summary>A frame came for a stream whose sending side had ended.</summary>
    StreamClosed = 0x5,

    /// <summary>A frame has a wrong size.</summary>
    FrameSizeError = 0x6,

    /// <summary>The stream was refused before any processing; it may be tried again.</summary>
    RefusedStream = 0x7,

    /// <summary>The stream is not needed any longer.</summary>
    Cancel = 0x8,

    /// <summary>The header compression state cannot be kept.</summary>
    CompressionError = 0x9,

    /// <summary>The connection behind a CONNECT request failed.</summary>
    ConnectError = 0xa,

    /// <summary>The peer causes too much load.</summary>
    EnhanceYourCalm = 0xb,

    /// <summary>The transport is not secure enough.</summary>
    InadequateSecurity = 0xc,

    /// <summary>HTTP/1.1 is required for the request.</summary>
    Http11Required = 0xd,
}
