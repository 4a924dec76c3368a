// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Protobuf.Wire;

/// <summary>The low three bits of a tag: how the value that follows is laid out.</summary>
public enum WireType
{
    /// <summary>A base-128 number of 1 to 10 bytes.</summary>
    Varint = 0,

    /// <summary>Eight bytes, least significant first.</summary>
    Fixed64 = 1,

    /// <summary>A varint length and as many bytes.</summary>
    LengthDelimited = 2,

    /// <summary>The start of a group; fields follow until the end tag of the same number.</summary>
    StartGroup = 3,

    /// <summary>The end of a group.</summary>
    EndGroup = 4,

    /// <summary>Four bytes, least significant first.</summary>
    Fixed32 = 5,
}
