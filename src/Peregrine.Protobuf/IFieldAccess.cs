// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Protobuf;

/// <summary>
/// Reads and writes the fields of a message by number: what reflection, JSON and text format work on. Generated classes
/// implement it with a switch, so that no run-time reflection is needed.
/// </summary>
public interface IFieldAccess
{
    /// <summary>
    /// The value of a field: of a singular field the value or its default, boxed (enums as the generated type, wrappers as
    /// a nullable value), null for an unset message; of a repeated field its live list, of a map its live dictionary.
    /// </summary>
    /// <param name="number">The field number.</param>
    /// <exception cref="System.ArgumentException">The message has no such field.</exception>
    object? GetField(int number);

    /// <summary>Sets a singular field. Enums take their number or the enum value; null unsets a message or a wrapper.</summary>
    /// <exception cref="System.ArgumentException">The message has no such field, or it is repeated or a map.</exception>
    /// <exception cref="System.InvalidCastException">The value is of another type.</exception>
    void SetField(int number, object? value);

    /// <summary>
    /// Whether the field is set: by its presence where it has one, else whether it differs from its default; whether a
    /// repeated field or a map has elements.
    /// </summary>
    /// <exception cref="System.ArgumentException">The message has no such field.</exception>
    bool HasField(int number);

    /// <summary>Unsets a field; a member of a oneof only if it is the oneof's case.</summary>
    /// <exception cref="System.ArgumentException">The message has no such field.</exception>
    void ClearField(int number);
}
