// SPDX-License-Identifier: Apache-2.0
using System;
using Peregrine.Protobuf.Collections;
using Peregrine.Protobuf.Wire;

namespace Peregrine.Protobuf;

/// <summary>The field codec of everything but messages, over a value codec.</summary>
internal class ValueFieldCodec<T, TCodec>(uint tag, T defaultValue, Func<T, bool>? isDefined = null)
    : FieldCodec<T>(tag, defaultValue)
    where TCodec : struct, IValueCodec<T>
{
    private bool IsPacked =>
        (WireType)(Tag & 7) == WireType.LengthDelimited && TCodec.WireType != WireType.LengthDelimited;

    internal override bool Accepts(uint tag)
    {
        WireType type = (WireType)(tag & 7);
        return type == TCodec.WireType || type == WireType.LengthDelimited;
    }

    internal override T Read(ref WireReader reader, T? current) => TCodec.Read(ref reader);

    internal override T Merge(T current, T other) => other;

    internal override bool IsDefined(T value) => isDefined is null || isDefined(value);

    internal override T AbsentValue() => DefaultValue;

    internal override long Size(T value) => WireSize.Tag(Tag) + TCodec.Size(value);

    internal override long KnownSize(T value) => WireSize.Tag(Tag) + TCodec.KnownSize(value);

    internal override void Write(ref WireWriter writer, T value)
    {
        writer.WriteTag(Tag);
        TCodec.Write(ref writer, value);
    }

    internal override void ReadRepeated(
        RepeatedField<T> values, ref WireReader reader, uint tag, ref UnknownFieldSet? unknownFields)
    {
        if (isDefined is null)
        {
            values.ReadFrom<TCodec>(ref reader, tag);
        }
        else
        {
            values.ReadClosedEnum(ref reader, tag, isDefined, ref unknownFields);
        }
    }

    internal override long RepeatedSize(RepeatedField<T> values) => IsPacked
        ? values.PackedSize<TCodec>(WireSize.Tag(Tag))
        : values.ExpandedSize<TCodec>(WireSize.Tag(Tag));

    internal override void WriteRepeated(ref WireWriter writer, RepeatedField<T> values)
    {
        if (IsPacked)
        {
            values.WritePacked<TCodec>(ref writer, Tag);
        }
        else
        {
            values.WriteExpanded<TCodec>(ref writer, Tag);
        }
    }
}
