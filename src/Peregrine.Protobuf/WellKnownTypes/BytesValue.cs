// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Protobuf.WellKnownTypes;

/// <content>Converts to and from the nullable C# type.</content>
public sealed partial class BytesValue
{
    /// <summary>Wraps a value; null stays null.</summary>
    /// <param name="value">The value or null.</param>
    public static implicit operator BytesValue?(ByteString? value) => value is null ? null : new BytesValue { Value = value };

    /// <summary>Unwraps a value; null stays null.</summary>
    /// <param name="wrapper">The wrapper or null.</param>
    public static explicit operator ByteString?(BytesValue? wrapper) => wrapper?.Value;
}
