// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Http2;

/// <summary>Who started the end of a stream or connection; an end started by the peer is never echoed.</summary>
public enum Http2ErrorInitiator : byte
{
    /// <summary>The owner of the connection asked for it.</summary>
    User,

    /// <summary>This library found a violation or a time-out.</summary>
    Library,

    /// <summary>The peer sent RST_STREAM or GOAWAY, or closed its side.</summary>
    Remote,
}
