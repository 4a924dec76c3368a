// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Wire;

namespace Peregrine.Protobuf;

/// <summary>Makes and takes apart tags, for code that handles the wire format by hand.</summary>
public static class WireFormat
{
    /// <summary>The tag of a field.</summary>
    /// <param name="fieldNumber">The number, from 1 to 536870911; not checked.</param>
    /// <param name="wireType">How the value behind the tag is laid out.</param>
    /// <returns>The number to write as a varint.</returns>
    public static uint MakeTag(int fieldNumber, WireType wireType) => ((uint)fieldNumber << 3) | (uint)wireType;

    /// <summary>The field number in a tag.</summary>
    /// <param name="tag">The tag.</param>
    /// <returns>The number.</returns>
    public static int GetTagFieldNumber(uint tag) => (int)(tag >> 3);

    /// <summary>How the value behind a tag is laid out.</summary>
    /// <param name="tag">The tag.</param>
    /// <returns>The low three bits; 6 and 7 stand for nothing.</returns>
    public static WireType GetTagWireType(uint tag) => (WireType)(tag & 7);
}
