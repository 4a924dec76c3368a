// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Protobuf.WellKnownTypes;

/// <content>Converts to and from the nullable C# type.</content>
public sealed partial class UInt64Value
{
    /// <summary>Wraps a value; null stays null.</summary>
    /// <param name="value">The value or null.</param>
    public static implicit operator UInt64Value?(ulong? value) => value is { } present ? new UInt64Value { Value = present } : null;

    /// <summary>Unwraps a value; null stays null.</summary>
    /// <param name="wrapper">The wrapper or null.</param>
    public static explicit operator ulong?(UInt64Value? wrapper) => wrapper?.Value;
}
