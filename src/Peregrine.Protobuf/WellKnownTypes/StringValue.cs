// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Protobuf.WellKnownTypes;

/// <content>Converts to and from the nullable C# type.</content>
public sealed partial class StringValue
{
    /// <summary>Wraps a value; null stays null.</summary>
    /// <param name="value">The value or null.</param>
    public static implicit operator StringValue?(string? value) => value is null ? null : new StringValue { Value = value };

    /// <summary>Unwraps a value; null stays null.</summary>
    /// <param name="wrapper">The wrapper or null.</param>
    public static explicit operator string?(StringValue? wrapper) => wrapper?.Value;
}
