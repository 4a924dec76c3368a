// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Protobuf.Json;

/// <summary>The forms that values have in JSON; those up to <see cref="Enum"/> are held as bits.</summary>
internal enum JsonKind : byte
{
    Int32,
    UInt32,
    Int64,
    UInt64,
    Float,
    Double,
    Bool,
    Enum,
    String,
    Bytes,
    Message,

    /// <summary>A wrapper message (google.protobuf.Int32Value and its kin), which messages hold as its bare value.</summary>
    Wrapper,
}
