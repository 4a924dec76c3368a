// SPDX-License-Identifier: Apache-2.0
using System;
using Peregrine.Protobuf.Collections;
using Peregrine.Protobuf.Reflection;
using Peregrine.Protobuf.Wire;

namespace Peregrine.Protobuf;

/// <summary>The field codec of messages, length-delimited or as a group: told by the wire type of its tag.</summary>
/// <typeparam name="T">The class of the messages.</typeparam>
/// <param name="tag">The tag.</param>
/// <param name="parser">Makes the messages.</param>
/// <param name="type">The type that messages must have, where the class alone does not say it; else null.</param>
internal sealed class MessageFieldCodec<T>(uint tag, MessageParser<T> parser, MessageDescriptor? type = null) : FieldCodec<T>(tag, null!)
    where T : class, IMessage<T>
{
    private bool IsGroup => (WireType)(Tag & 7) == WireType.StartGroup;

    internal override bool Accepts(uint tag) => tag == Tag;

    internal override T Read(ref WireReader reader, T? current)
    {
        T message = current ?? parser.CreateTemplate();
        if (IsGroup)
        {
            reader.ReadGroup(Tag, message);
        }
        else
        {
            reader.ReadMessage(message);
        }

        return message;
    }

    internal override T Merge(T current, T other)
    {
        current.MergeFrom(other);
        return current;
    }

    internal override T AbsentValue() => parser.CreateTemplate();

    internal override void CheckType(T value)
    {
        if (type is not null && !ReferenceEquals(value.Descriptor, type))
        {
            throw new InvalidCastException($"The field {Tag >> 3} holds messages of type {type.FullName}, not {value.Descriptor.FullName}.");
        }
    }

    // Elements of live collections are not seen when they are added: a message of another type is found here.
    internal override long Size(T value)
    {
        CheckType(value);
        return IsGroup
            ? (2 * WireSize.Tag(Tag)) + WireSize.Group(value)
            : WireSize.Tag(Tag) + WireSize.Message(value);
    }

    internal override long KnownSize(T value) => IsGroup
        ? (2 * WireSize.Tag(Tag)) + value.CachedSize
        : WireSize.Tag(Tag) + WireSize.Length(value.CachedSize) + (long)value.CachedSize;

    internal override void Write(ref WireWriter writer, T value)
    {
        if (IsGroup)
        {
            writer.WriteGroup(Tag, value);
        }
        else
        {
            writer.WriteMessage(Tag, value);
        }
    }

    internal override void ReadRepeated(
        RepeatedField<T> values, ref WireReader reader, uint tag, ref UnknownFieldSet? unknownFields) =>
        values.Add(Read(ref reader, null));

    internal override long RepeatedSize(RepeatedField<T> values)
    {
        long size = 0;
        foreach (T value in values.AsSpan())
        {
            size += Size(value);
        }

        return size;
    }

    internal override void WriteRepeated(ref WireWriter writer, RepeatedField<T> values)
    {
        foreach (T value in values.AsSpan())
        {
            Write(ref writer, value);
        }
    }
}
