// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Http2;

/// <summary>What an error ends.</summary>
public enum Http2ErrorScope : byte
{
    /// <summary>One stream (RFC 9113 section 5.4.2).</summary>
    Stream,

    /// <summary>The whole connection (RFC 9113 section 5.4.1).</summary>
    Connection,
}
