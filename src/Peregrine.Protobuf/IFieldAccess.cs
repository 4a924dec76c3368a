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

    /// <summary>
    /// The value of a singular number, bool or enum without boxing it, or its default when the field is not set. Generated messages answer
    /// with a switch; a message that does not implement this is asked by <see cref="GetField"/> and <see cref="HasField"/>.
    /// </summary>
    /// <param name="number">The field number.</param>
    /// <param name="bits">The value as bits; <see cref="FieldAccess"/> has the methods that turn it back (<see cref="FieldAccess.ToInt32"/> ...).</param>
    /// <returns>Whether the field is set, as <see cref="HasField"/> tells it.</returns>
    /// <exception cref="System.ArgumentException">The message has no such field, or it is of another kind.</exception>
    bool TryGetScalar(int number, out ulong bits)
    {
        return FieldAccess.TryUnboxBits(GetField(number), out bits) ? HasField(number) : throw FieldAccess.NotScalar(this, number);
    }

    /// <summary>Sets a singular number, bool or enum without boxing it.</summary>
    /// <param name="number">The field number.</param>
    /// <param name="bits">The value as bits; see <see cref="FieldAccess.ToBits(int)"/> and its kin. An enum is its number.</param>
    /// <exception cref="System.ArgumentException">The message has no such field, or it is of another kind.</exception>
    void SetScalar(int number, ulong bits) =>
        SetField(number, FieldAccess.Box(bits, GetField(number)) ?? throw FieldAccess.NotScalar(this, number));
}
