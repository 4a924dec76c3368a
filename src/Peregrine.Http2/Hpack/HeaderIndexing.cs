// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Http2.Hpack;

/// <summary>How a header field is represented on the wire when no table holds the whole of it (RFC 7541 section 6.2).</summary>
public enum HeaderIndexing : byte
{
    /// <summary>Added to the dynamic table: for fields that come again on the connection.</summary>
    Incremental,

    /// <summary>Kept out of the dynamic table: for values that change with every call.</summary>
    WithoutIndexing,

    /// <summary>Kept out of every table on the whole way, also by intermediaries: for secrets (RFC 7541 section 7.1.3).</summary>
    NeverIndexed,
}
