// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Protobuf.WellKnownTypes;

/// <content>Converts to and from the nullable C# type.</content>
public sealed partial class UInt32Value
{
    /// <summary>Wraps a value; null stays null.</summary>
    /// <param name="value">The value or null.</param>
    public static implicit operator UInt32Value?(uint? value) => value is { } present ? new UInt32Value { Value = present } : null;

    /// <summary>Unwraps a value; null stays null.</summary>
    /// <param name="wrapper">The wrapper or null.</param>
    public static explicit operator uint?(UInt32Value? wrapper) => wrapper?.Value;
}
