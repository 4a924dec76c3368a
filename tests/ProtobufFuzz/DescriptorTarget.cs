// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Peregrine.Protobuf;
using Peregrine.Protobuf.Reflection;
using Peregrine.Protobuf.Text;
using Peregrine.Protobuf.Wire;
using Peregrine.TestKit;

namespace ProtobufFuzz;

/// <summary>
/// The target of descriptor sets in text format, of which more mutants are sets than of bytes: a set is refused with a documented exception, or messages of its types can be read, written, and
/// written as JSON and text that are read again.
/// </summary>
internal static class DescriptorTarget
{
    private const int MostTypes = 40;
    private const int MostFields = 30;

    private static readonly TextParser Parser = new(TextParser.Settings.Default.WithAllowPartial(true).WithAllowSingularOverwrites(true));

    /// <summary>The target.</summary>
    public static FuzzTarget Target { get; } = new(
        "descriptor",
        [.. new[] { DescriptorReflection.Descriptor, ProtobufFuzz.Messages.NestReflection.Descriptor }.Select(SetOf).Concat(Texts()).Select(Encoding.UTF8.GetBytes)],
        Run);

    // Small sets with what the standard files do not have.
    private static string[] Texts() =>
    [
        """
        file { name: "a" package: "p" syntax: "proto3" message_type { name: "M" field { name: "a" number: 1 type: TYPE_STRING label: LABEL_OPTIONAL }
          field { name: "b" number: 2 type: TYPE_ENUM type_name: ".p.E" label: LABEL_REPEATED } field { name: "o" number: 3 type: TYPE_INT32 proto3_optional: true oneof_index: 0 } oneof_decl { name: "_o" } }
          enum_type { name: "E" value { name: "Z" number: 0 } value { name: "A" number: -5 } } service { name: "S" method { name: "m" input_type: ".p.M" output_type: "M" client_streaming: true } } }
        """,
        """
        file { name: "b" message_type { name: "M" extension_range { start: 10 end: 20 } field { name: "r" number: 1 type: TYPE_DOUBLE label: LABEL_REQUIRED default_value: "-inf" }
          field { name: "g" number: 2 type: TYPE_GROUP type_name: "G" } nested_type { name: "G" field { name: "d" number: 1 type: TYPE_BYTES default_value: "\\001x" } } reserved_range { start: 30 end: 40 } reserved_name: "no" }
          extension { name: "x" number: 10 extendee: "M" type: TYPE_MESSAGE type_name: "M" label: LABEL_REPEATED } enum_type { name: "C" value { name: "ONE" number: 1 } }
          message_type { name: "W" field { name: "c" number: 1 type: TYPE_ENUM type_name: "C" default_value: "ONE" } field { name: "u" number: 2 type: TYPE_SFIXED64 label: LABEL_REPEATED options { packed: true } } } }
        """,
        """
        file { name: "google/protobuf/wrappers.proto" package: "google.protobuf" syntax: "proto3" message_type { name: "Int32Value" field { name: "value" number: 1 type: TYPE_INT32 label: LABEL_OPTIONAL } } }
        file { name: "c" dependency: "google/protobuf/wrappers.proto" syntax: "editions" edition: EDITION_2023 options { features { field_presence: IMPLICIT message_encoding: DELIMITED } }
          message_type { name: "M" field { name: "w" number: 1 type: TYPE_MESSAGE type_name: ".google.protobuf.Int32Value" label: LABEL_OPTIONAL }
            field { name: "m" number: 2 type: TYPE_MESSAGE type_name: ".M.MEntry" label: LABEL_REPEATED } nested_type { name: "MEntry" options { map_entry: true }
              field { name: "key" number: 1 type: TYPE_BOOL label: LABEL_OPTIONAL } field { name: "value" number: 2 type: TYPE_MESSAGE type_name: ".M" label: LABEL_OPTIONAL } }
            field { name: "a" number: 3 type: TYPE_UINT64 oneof_index: 0 } field { name: "b" number: 4 type: TYPE_MESSAGE type_name: ".M" oneof_index: 0 } oneof_decl { name: "o" } } }
        """,
    ];

    private static string SetOf(FileDescriptor file)
    {
        DescriptorPool pool = new();
        pool.Add(file);
        FileDescriptorSet set = new();
        set.File.Add(pool.Files.Select(each => each.ToProto()));
        return TextFormatter.Default.Format(set);
    }

    private static string Run(byte[] input)
    {
        DescriptorPool pool;
        try
        {
            pool = DescriptorPool.FromFileDescriptorSet(Parser.Parse<FileDescriptorSet>(input));
        }
        catch (Exception e) when (e is InvalidTextFormatException or DescriptorValidationException)
        {
            return Targets.Shape((e as InvalidTextFormatException)?.Reason ?? e.Message[(e.Message.LastIndexOf(": ", StringComparison.Ordinal) + 1)..]);
        }

        // What is made depends on the input only.
        Random random = new(input.Length == 0 ? 0 : input[^1] | (input.Length << 8));
        TypeRegistry types = pool.ToTypeRegistry();
        ExtensionRegistry extensions = pool.ToExtensionRegistry();
        int count = 0;
        foreach (MessageDescriptor type in pool.Files.SelectMany(file => file.MessageTypes).Take(MostTypes))
        {
            count++;
            MessageParser<DynamicMessage> parser = DynamicMessage.ParserOf(type).WithExtensionRegistry(extensions);
            DynamicMessage message = new(type);
            WireReader reader = new(RandomBytes(type, random, 3), new WireReaderOptions { ExtensionRegistry = extensions });
            try
            {
                ((IMessage)message).MergeFrom(ref reader);
            }
            catch (InvalidProtocolBufferException)
            {
                // A closed enum in a map, text that is no UTF-8: the message holds what came before.
            }

            Check(message, parser, types, extensions);
        }

        return $"built {Math.Min(count, 5)}";
    }

    private static void Check(DynamicMessage message, MessageParser<DynamicMessage> parser, TypeRegistry types, ExtensionRegistry extensions)
    {
        byte[] bytes = message.ToByteArray();
        DynamicMessage again = parser.CreateTemplate();
        again.MergePartialFrom(bytes, extensions);
        Targets.Require(again.ToByteArray().AsSpan().SequenceEqual(bytes), $"{message.Descriptor.FullName}: the bytes differ when read and written again");
        Targets.Require(message.Clone().Equals(message) && message.Clone().GetHashCode() == message.GetHashCode(), $"{message.Descriptor.FullName}: the clone differs");
        Targets.Require(((IMessage)message).IsInitialized() == ((IMessage)again).IsInitialized(), $"{message.Descriptor.FullName}: required fields differ");
        _ = message.ToString();
        string? json = null;
        try
        {
            json = new JsonFormatter(JsonFormatter.Settings.Default.WithTypeRegistry(types)).Format(message);
        }
        catch (InvalidOperationException)
        {
            // A well-known type out of its range.
        }

        // Unknown fields and extensions that the registry lacks have no JSON; nor have the bits of a NaN, in JSON and in text.
        if (json is not null && message.UnknownFields is null)
        {
            DynamicMessage read = new(message.Descriptor);
            new JsonParser(JsonParser.Settings.Default.WithTypeRegistry(types)).Merge(read, json);
            string second = new JsonFormatter(JsonFormatter.Settings.Default.WithTypeRegistry(types)).Format(read);
            Targets.Require(json == second, $"{message.Descriptor.FullName}: the JSON differs when read and written again:\n{json}\n{second}");
        }

        string text = new TextFormatter(TextFormatter.Settings.Default.WithTypeRegistry(types).WithFormatUnknownFields(false)).Format(message);
        DynamicMessage fromText = new(message.Descriptor);
        new TextParser(TextParser.Settings.Default.WithTypeRegistry(types).WithAllowPartial(true)).Merge(fromText, text);
        string textAgain = new TextFormatter(TextFormatter.Settings.Default.WithTypeRegistry(types).WithFormatUnknownFields(false)).Format(fromText);
        Targets.Require(text == textAgain, $"{message.Descriptor.FullName}: the text differs when read and written again:\n{text}\n{textAgain}");
    }

    // Fields of the type, most with the wire type that they should have.
    private static byte[] RandomBytes(MessageDescriptor type, Random random, int depth)
    {
        System.Buffers.ArrayBufferWriter<byte> output = new();
        WireWriter writer = new(output);
        foreach (FieldDescriptor field in type.Fields.InFieldNumberOrder().Take(MostFields))
        {
            for (int times = field.IsRepeated ? random.Next(4) : random.Next(2); times > 0; times--)
            {
                WriteField(ref writer, field, random, depth);
            }
        }

        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    private static void WriteField(ref WireWriter writer, FieldDescriptor field, Random random, int depth)
    {
        uint number = (uint)field.FieldNumber << 3;
        switch (field.FieldType)
        {
            case FieldType.Double or FieldType.Fixed64 or FieldType.SFixed64:
                writer.WriteFixed64(number | (uint)WireType.Fixed64, (ulong)random.NextInt64() >> random.Next(64));
                break;
            case FieldType.Float or FieldType.Fixed32 or FieldType.SFixed32:
                writer.WriteFixed32(number | (uint)WireType.Fixed32, (uint)random.Next() >> random.Next(32));
                break;
            case FieldType.String:
                writer.WriteString(number | (uint)WireType.LengthDelimited, random.Next(3) == 0 ? "" : $"\t\"{(char)random.Next(1, 0xD000)}");
                break;
            case FieldType.Bytes:
                byte[] bytes = new byte[random.Next(5)];
                random.NextBytes(bytes);
                writer.WriteBytes(number | (uint)WireType.LengthDelimited, ByteString.CopyFrom(bytes));
                break;
            case FieldType.Message:
                byte[] message = depth == 0 ? [] : RandomBytes(field.MessageType, random, depth - 1);
                writer.WriteTagAndLength(number | (uint)WireType.LengthDelimited, message.Length);
                writer.WriteRaw(message);
                break;
            case FieldType.Group:
                writer.WriteTag(number | (uint)WireType.StartGroup);
                writer.WriteRaw(depth == 0 ? [] : RandomBytes(field.MessageType, random, depth - 1));
                writer.WriteTag(number | (uint)WireType.EndGroup);
                break;
            default:
                writer.WriteUInt64(number | (uint)WireType.Varint, (ulong)random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64));
                break;
        }
    }
}
