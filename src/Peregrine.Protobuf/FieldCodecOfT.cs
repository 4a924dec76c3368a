// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Collections;
using Peregrine.Protobuf.Wire;

namespace Peregrine.Protobuf;

/// <summary>
/// Reads and writes a field, tag included, through virtual calls: for extensions, whose fields generated code does not
/// know. Made by <see cref="FieldCodec"/>; immutable.
/// </summary>
/// <typeparam name="T">The type of the value.</typeparam>
public abstract class FieldCodec<T>
{
    private protected FieldCodec(uint tag, T defaultValue)
    {
        Tag = tag;
        DefaultValue = defaultValue;
    }

    /// <summary>The tag that is written; a length-delimited one over a scalar type means packed.</summary>
    public uint Tag { get; }

    /// <summary>The value of an unset field.</summary>
    public T DefaultValue { get; }

    /// <summary>Whether a field with <paramref name="tag"/> can be read: the field's own wire type, or packed.</summary>
    internal abstract bool Accepts(uint tag);

    /// <summary>Reads a value; a message is merged into <paramref name="current"/>.</summary>
    internal abstract T Read(ref WireReader reader, T? current);

    /// <summary>Whether the value may be stored: false for the undefined numbers of a closed enum.</summary>
    internal virtual bool IsDefined(T value) => true;

    /// <summary>What a field holds that held <paramref name="current"/> and into which <paramref name="other"/> is merged.</summary>
    internal abstract T Merge(T current, T other);

    /// <summary>What a map entry without this field holds; a new object for messages.</summary>
    internal abstract T AbsentValue();

    /// <summary>Refuses a message of another type, where one class serves several.</summary>
    /// <exception cref="System.InvalidCastException">The value is of another type.</exception>
    internal virtual void CheckType(T value)
    {
    }

    internal abstract long Size(T value);

    /// <summary>The same for a value whose <see cref="Size"/> was just found: of a message, the size that it keeps.</summary>
    internal abstract long KnownSize(T value);

    internal abstract void Write(ref WireWriter writer, T value);

    internal abstract void ReadRepeated(
        RepeatedField<T> values, ref WireReader reader, uint tag, ref UnknownFieldSet? unknownFields);

    internal abstract long RepeatedSize(RepeatedField<T> values);

    internal abstract void WriteRepeated(ref WireWriter writer, RepeatedField<T> values);
}
