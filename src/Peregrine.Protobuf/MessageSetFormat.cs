// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Reflection;
using Peregrine.Protobuf.Wire;

namespace Peregrine.Protobuf;

/// <summary>
/// The historic encoding of message sets: a message with extensions only, each in a group with number 1 that holds the
/// extension's number (field 2) and its message (field 3). Such a message sets the option <c>message_set_wire_format</c>; what its generated
/// code does with the extensions is here, for other messages it is in <see cref="ExtensionSet"/>.
/// </summary>
public static class MessageSetFormat
{
    private const uint StartTag = (1 << 3) | (uint)WireType.StartGroup;
    private const uint EndTag = (1 << 3) | (uint)WireType.EndGroup;
    private const uint TypeIdTag = (2 << 3) | (uint)WireType.Varint;
    private const uint MessageTag = (3 << 3) | (uint)WireType.LengthDelimited;
    private const int TagsSize = 4;

    /// <summary>
    /// Reads the field whose tag was just read: an item of the set, or what <see cref="ExtensionSet.TryMergeField"/> reads.
    /// </summary>
    /// <param name="set">The extensions; null holds none.</param>
    /// <param name="unknownFields">Where items go whose numbers the reader's registry does not have.</param>
    /// <param name="reader">The reader.</param>
    /// <param name="tag">The tag.</param>
    /// <returns>False at an end-group tag, on which <see cref="IMessage.MergeFrom"/> returns to its caller.</returns>
    /// <exception cref="InvalidProtocolBufferException">The field is malformed.</exception>
    public static bool TryMergeField<TTarget>(
        ref ExtensionSet<TTarget>? set, ref UnknownFieldSet? unknownFields, ref WireReader reader, uint tag)
        where TTarget : IExtendableMessage<TTarget> =>
        TryMergeItem(ref set, ref unknownFields, ref reader, tag, type: null) || ExtensionSet.TryMergeField(ref set, ref unknownFields, ref reader, tag);

    /// <summary>Reads an item; false if the tag is not that of one. A type is given for a class that serves several.</summary>
    internal static bool TryMergeItem<TTarget>(
        ref ExtensionSet<TTarget>? set, ref UnknownFieldSet? unknownFields, ref WireReader reader, uint tag, MessageDescriptor? type)
        where TTarget : IMessage<TTarget>, IExtendable
    {
        if (tag != StartTag)
        {
            return false;
        }

        ReadItem(ref set, ref unknownFields, ref reader, type);
        return true;
    }

    // Behind the start tag. The number may stand behind the message; what is given twice counts once.
    private static void ReadItem<TTarget>(ref ExtensionSet<TTarget>? set, ref UnknownFieldSet? unknownFields, ref WireReader reader, MessageDescriptor? type)
        where TTarget : IMessage<TTarget>, IExtendable
    {
        uint typeId = 0;
        ByteString? early = null;
        bool hasMessage = false;
        reader.EnterGroup();
        uint tag;
        while ((tag = reader.ReadTag()) != 0)
        {
            if (tag == TypeIdTag && typeId == 0)
            {
                typeId = reader.ReadUInt32();
            }
            else if (tag == MessageTag && typeId != 0 && !hasMessage && early is null)
            {
                hasMessage = true;
                if (FindOrAdd(ref set, typeId, ref reader, type) is { } item)
                {
                    reader.ReadMessage(item);
                }
                else
                {
                    KeepUnknown(ref unknownFields, typeId, reader.ReadBytes(), ref reader);
                }
            }
            else if (tag == MessageTag && typeId == 0 && early is null)
            {
                early = reader.ReadBytes();
            }
            else if ((WireType)(tag & 7) == WireType.EndGroup)
            {
                reader.EndGroup(tag);
                break;
            }
            else
            {
                reader.SkipField(tag);
            }
        }

        reader.LeaveGroup(StartTag);
        if (early is null || typeId == 0)
        {
            return;
        }

        if (FindOrAdd(ref set, typeId, ref reader, type) is { } late)
        {
            reader.ReadDetached(early.Span, late);
        }
        else
        {
            KeepUnknown(ref unknownFields, typeId, early, ref reader);
        }
    }

    /// <summary>The size of all items.</summary>
    /// <param name="extensions">The extensions; null holds none.</param>
    /// <param name="unknown">The items whose numbers were not known.</param>
    public static long Size<TTarget>(ExtensionSet<TTarget>? extensions, UnknownFieldSet? unknown)
        where TTarget : IMessage<TTarget>, IExtendable
    {
        long size = 0;
        if (extensions is not null)
        {
            MessageNesting.Check();
            foreach ((Extension extension, object value) in extensions.Values)
            {
                size += TagsSize + WireSize.UInt32((uint)extension.FieldNumber) + WireSize.Message((IMessage)value);
            }
        }

        WireReader reader = ReaderOf(unknown);
        uint tag;
        while ((tag = reader.ReadTag()) != 0)
        {
            long start = reader.Position;
            reader.SkipField(tag);
            size += reader.Position - start;
            size += IsItem(tag) ? TagsSize + WireSize.UInt32(tag >> 3) : WireSize.Tag(tag);
        }

        return size;
    }

    /// <summary>Writes all items, those that are known first, in the order of their numbers.</summary>
    /// <param name="extensions">The extensions; null holds none.</param>
    /// <param name="unknown">The items whose numbers were not known.</param>
    /// <param name="writer">Where to write.</param>
    public static void Write<TTarget>(ExtensionSet<TTarget>? extensions, UnknownFieldSet? unknown, ref WireWriter writer)
        where TTarget : IMessage<TTarget>, IExtendable
    {
        if (extensions is not null)
        {
            foreach ((Extension extension, object value) in extensions.Values)
            {
                writer.WriteTag(StartTag);
                writer.WriteUInt32(TypeIdTag, (uint)extension.FieldNumber);
                writer.WriteMessage(MessageTag, (IMessage)value);
                writer.WriteTag(EndTag);
            }
        }

        WireReader reader = ReaderOf(unknown);
        uint tag;
        while ((tag = reader.ReadTag()) != 0)
        {
            if (IsItem(tag))
            {
                writer.WriteTag(StartTag);
                writer.WriteUInt32(TypeIdTag, tag >> 3);
                writer.WriteTag(MessageTag);
                writer.WriteBytesValue(reader.ReadBytes());
                writer.WriteTag(EndTag);
            }
            else
            {
                reader.CopyField(tag, ref writer);
            }
        }
    }

    // The fields were within the recursion limit of the reader that they came from.
    private static WireReader ReaderOf(UnknownFieldSet? unknown) =>
        new(unknown is null ? default : unknown.Encoded.Span, new WireReaderOptions { RecursionLimit = int.MaxValue });

    // An unknown item is kept as a field with its number, so that tools show it as what it is.
    private static bool IsItem(uint tag) => (WireType)(tag & 7) == WireType.LengthDelimited;

    private static IMessage? FindOrAdd<TTarget>(ref ExtensionSet<TTarget>? set, uint typeId, ref WireReader reader, MessageDescriptor? type)
        where TTarget : IMessage<TTarget>, IExtendable
    {
        if (typeId > int.MaxValue || reader.ExtensionRegistry is not { } registry)
        {
            return null;
        }

        Extension? extension = type is null ? registry.Find(typeof(TTarget), (int)typeId) : registry.Find(type, (int)typeId);
        if (extension is null)
        {
            return null;
        }

        set ??= type is null ? new ExtensionSet<TTarget>() : new ExtensionSet<TTarget>(type);
        return set.GetOrAdd(extension).MakeMessage();
    }

    private static void KeepUnknown(ref UnknownFieldSet? unknownFields, uint typeId, ByteString bytes, ref WireReader reader)
    {
        if (reader.DiscardUnknownFields)
        {
            return;
        }

        if (typeId <= DescriptorValidator.MaxFieldNumber)
        {
            UnknownFieldSet.AddBytes(ref unknownFields, (typeId << 3) | (uint)WireType.LengthDelimited, bytes);
            return;
        }

        // The number of an item may have more bits than that of a field.
        byte[] item = new byte[TagsSize + WireSize.UInt32(typeId) + WireSize.Bytes(bytes)];
        WireWriter writer = new(item);
        writer.WriteTag(StartTag);
        writer.WriteUInt32(TypeIdTag, typeId);
        writer.WriteBytes(MessageTag, bytes);
        writer.WriteTag(EndTag);
        UnknownFieldSet.Add(ref unknownFields, item);
    }
}
