// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Http2;

/// <summary>How far the graceful end of a connection has come (RFC 9113 section 6.8).</summary>
public enum DrainState : byte
{
    /// <summary>New streams are welcome.</summary>
    Open,

    /// <summary>Server only: GOAWAY with the highest possible id and a PING are sent; streams under way are still accepted.</summary>
    Announced,

    /// <summary>GOAWAY with the final id was sent, or one was received: the streams there are run to their end.</summary>
    Draining,

    /// <summary>Draining, and no stream is left.</summary>
    Drained,
}
