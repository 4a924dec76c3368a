// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Collections;
using Peregrine.Protobuf.Wire;

namespace Peregrine.Protobuf;

/// <summary>The field codec of messages, length-delimited or as a group: told by the wire type of its tag.</summary>
internal sealed class MessageFieldCodec<T>(uint tag, MessageParser<T> parser) : FieldCodec<T>(tag, null!)
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

    internal override long Size(T value) => IsGroup
        ? (2 * WireSize.Tag(Tag)) + WireSize.Group(value)
        : WireSize.Tag(Tag) + WireSize.Message(value);

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
