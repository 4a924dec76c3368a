// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;

namespace Peregrine.Protobuf;

/// <summary>Makes and takes apart tags, for code that handles the wire format by hand.</summary>
/// <remarks>
/// <see cref="WireType"/> here names the values of <see cref="Wire.WireType"/>, as in <c>WireFormat.WireType.Varint</c>; it is no type to
/// declare a variable of.
/// </remarks>
[SuppressMessage("Design", "CA1034", Justification = "Existing code spells wire types so.")]
public static class WireFormat
{
    /// <summary>The tag of a field.</summary>
    /// <param name="fieldNumber">The number, from 1 to 536870911; not checked.</param>
    /// <param name="wireType">How the value behind the tag is laid out.</param>
    /// <returns>The number to write as a varint.</returns>
    public static uint MakeTag(int fieldNumber, Wire.WireType wireType) => ((uint)fieldNumber << 3) | (uint)wireType;

    /// <summary>The field number in a tag.</summary>
    /// <param name="tag">The tag.</param>
    /// <returns>The number.</returns>
    public static int GetTagFieldNumber(uint tag) => (int)(tag >> 3);

    /// <summary>How the value behind a tag is laid out.</summary>
    /// <param name="tag">The tag.</param>
    /// <returns>The low three bits; 6 and 7 stand for nothing.</returns>
    public static Wire.WireType GetTagWireType(uint tag) => (Wire.WireType)(tag & 7);

    /// <summary>The wire types by the names that existing code has for them.</summary>
    public static class WireType
    {
        /// <inheritdoc cref="Wire.WireType.Varint"/>
        public const Wire.WireType Varint = Wire.WireType.Varint;

        /// <inheritdoc cref="Wire.WireType.Fixed64"/>
        public const Wire.WireType Fixed64 = Wire.WireType.Fixed64;

        /// <inheritdoc cref="Wire.WireType.LengthDelimited"/>
        public const Wire.WireType LengthDelimited = Wire.WireType.LengthDelimited;

        /// <inheritdoc cref="Wire.WireType.StartGroup"/>
        public const Wire.WireType StartGroup = Wire.WireType.StartGroup;

        /// <inheritdoc cref="Wire.WireType.EndGroup"/>
        public const Wire.WireType EndGroup = Wire.WireType.EndGroup;

        /// <inheritdoc cref="Wire.WireType.Fixed32"/>
        public const Wire.WireType Fixed32 = Wire.WireType.Fixed32;
    }
}
