// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Reflection;
using Peregrine.Protobuf.Wire;

namespace Peregrine.Protobuf.Dynamic;

/// <summary>
/// The historic encoding of message sets: a message with extensions only, each in a group with number 1 that holds the
/// extension's number (field 2) and its message (field 3).
/// </summary>
internal static class MessageSetFormat
{
    public const uint StartTag = (1 << 3) | (uint)WireType.StartGroup;

    private const uint EndTag = (1 << 3) | (uint)WireType.EndGroup;
    private const uint TypeIdTag = (2 << 3) | (uint)WireType.Varint;
    private const uint MessageTag = (3 << 3) | (uint)WireType.LengthDelimited;
    private const int TagsSize = 4;

    /// <summary>Reads an item behind its start tag. The number may stand behind the message; what is given twice counts once.</summary>
    public static void ReadItem(DynamicMessage message, ref WireReader reader)
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
                if (FindOrAdd(message, typeId, ref reader) is { } item)
                {
                    reader.ReadMessage(item);
                }
                else
                {
                    KeepUnknown(message, typeId, reader.ReadBytes(), ref reader);
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

        if (FindOrAdd(message, typeId, ref reader) is { } late)
        {
            reader.ReadDetached(early.Span, late);
        }
        else
        {
            KeepUnknown(message, typeId, early, ref reader);
        }
    }

    public static long Size(ExtensionSet<DynamicMessage>? extensions, UnknownFieldSet? unknown)
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

        WireReader reader = new(unknown is null ? default : unknown.Encoded.Span);
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

    public static void Write(ExtensionSet<DynamicMessage>? extensions, UnknownFieldSet? unknown, ref WireWriter writer)
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

        WireReader reader = new(unknown is null ? default : unknown.Encoded.Span);
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

    // An unknown item is kept as a field with its number, so that tools show it as what it is.
    private static bool IsItem(uint tag) => (WireType)(tag & 7) == WireType.LengthDelimited;

    private static IMessage? FindOrAdd(DynamicMessage message, uint typeId, ref WireReader reader)
    {
        if (typeId > int.MaxValue || reader.ExtensionRegistry?.Find(message.Descriptor, (int)typeId) is not DynamicExtension extension)
        {
            return null;
        }

        ExtensionSet<DynamicMessage> set = message.MakeExtensions();
        if (set.Get(extension) is not IMessage item)
        {
            item = new DynamicMessage(extension.Descriptor.MessageType);
            set.Set(extension, item);
        }

        return item;
    }

    private static void KeepUnknown(DynamicMessage message, uint typeId, ByteString bytes, ref WireReader reader)
    {
        if (reader.DiscardUnknownFields)
        {
            return;
        }

        if (typeId <= DescriptorValidator.MaxFieldNumber)
        {
            UnknownFieldSet.AddBytes(ref message.UnknownFieldsReference, (typeId << 3) | (uint)WireType.LengthDelimited, bytes);
            return;
        }

        // The number of an item may have more bits than that of a field.
        byte[] item = new byte[TagsSize + WireSize.UInt32(typeId) + WireSize.Bytes(bytes)];
        WireWriter writer = new(item);
        writer.WriteTag(StartTag);
        writer.WriteUInt32(TypeIdTag, typeId);
        writer.WriteBytes(MessageTag, bytes);
        writer.WriteTag(EndTag);
        UnknownFieldSet.Add(ref message.UnknownFieldsReference, item);
    }
}
