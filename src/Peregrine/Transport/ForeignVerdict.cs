// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Transport;

/// <summary>What becomes of a connection whose first bytes are not HTTP/2.</summary>
internal enum ForeignVerdict
{
    /// <summary>It is refused in HTTP/2: SETTINGS and GOAWAY(PROTOCOL_ERROR).</summary>
    Refuse,

    /// <summary>The bytes do not tell yet; they are shown again, with those that follow.</summary>
    NeedMore,

    /// <summary>The handler answers in the peer's own protocol and ends the connection.</summary>
    Answered,
}
