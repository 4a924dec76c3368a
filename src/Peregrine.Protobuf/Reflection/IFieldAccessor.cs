// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Protobuf.Reflection;

/// <summary>Reads and writes one field of any message of the field's containing type.</summary>
public interface IFieldAccessor
{
    /// <summary>The field.</summary>
    FieldDescriptor Descriptor { get; }

    /// <summary>Makes the field unset; empties a repeated field.</summary>
    /// <param name="message">The message to change.</param>
    void Clear(IMessage message);

    /// <summary>
    /// Reads the field: its value or default, boxed; null for an unset message; the live collection of a repeated field.
    /// </summary>
    /// <param name="message">The message to read.</param>
    /// <returns>The value.</returns>
    object? GetValue(IMessage message);

    /// <summary>Tells whether the field is set; without presence, whether it differs from its default.</summary>
    /// <param name="message">The message to read.</param>
    /// <returns>Whether it is set; for a repeated field, whether it has elements.</returns>
    bool HasValue(IMessage message);

    /// <summary>Sets a singular field.</summary>
    /// <param name="message">The message to change.</param>
    /// <param name="value">The value, of the type of the generated property; an enum may be given as <see cref="int"/>.</param>
    void SetValue(IMessage message, object? value);
}
