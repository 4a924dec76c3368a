// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine.Protobuf;

/// <summary>What generated implementations of <see cref="IFieldAccess"/> share: unboxing and errors.</summary>
public static class FieldAccess
{
    /// <summary>Unboxes a value; the number of an enum value unboxes as the enum.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    /// <exception cref="InvalidCastException">The value is of another type.</exception>
    public static T Unbox<T>(object? value)
        where T : struct
    {
        ArgumentNullException.ThrowIfNull(value);
        return (T)value;
    }

    /// <summary>The error of a field number that the message does not have.</summary>
    public static ArgumentException NoSuchField(IMessage message, int number) =>
        new($"{message.GetType().Name} has no field with number {number}.", nameof(number));

    /// <summary>The error of setting a repeated or map field, or one that the message does not have.</summary>
    public static ArgumentException NotSettable(IMessage message, int number) => new(
        $"Field {number} of {message.GetType().Name} cannot be set: it is repeated or a map (change its elements instead), "
        + "or there is no such field.",
        nameof(number));
}
