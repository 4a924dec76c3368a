// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Collections;
using Peregrine.Protobuf.Collections;
using Peregrine.Protobuf.Reflection;
using Peregrine.Protobuf.Tests.Messages;
using Peregrine.Protobuf.Text;
using Peregrine.TestKit;
using Xunit;

namespace Peregrine.Protobuf.Tests.Dynamic;

/// <summary>Dynamic messages of the type of a generated class behave as that class does.</summary>
public class DynamicMessageTests
{
    private static readonly MessageParser<DynamicMessage> Parser = DynamicMessage.ParserOf(Sample.Descriptor);

    private static byte[] FullBytes => Samples.Full().ToByteArray();

    [Fact]
    public void A_full_message_has_the_bytes_of_the_generated_one_on_every_split()
    {
        byte[] bytes = FullBytes;
        DynamicMessage whole = Parser.ParseFrom(bytes);
        Assert.Null(whole.UnknownFields);
        foreach ((string label, ReadOnlySequence<byte> input) in SplitSequences.Of(bytes))
        {
            DynamicMessage parsed = Parser.ParseFrom(input);
            Assert.True(whole.Equals(parsed), label);
            Assert.Equal(whole.GetHashCode(), parsed.GetHashCode());
            Assert.Equal(bytes, parsed.ToByteArray());
        }
    }

    [Fact]
    public void Streams_and_delimited_messages_are_read_and_written()
    {
        DynamicMessage message = Parser.ParseFrom(FullBytes);
        using MemoryStream stream = new();
        message.WriteDelimitedTo(stream);
        message.WriteTo(stream);
        stream.Position = 0;
        Assert.Equal(message, Parser.ParseDelimitedFrom(stream));
        Assert.Equal(message, Parser.ParseFrom(stream));
    }

    [Fact]
    public void JSON_is_that_of_the_generated_message_both_ways()
    {
        Sample full = Samples.Full();
        string json = JsonFormatter.Default.Format(full);
        DynamicMessage message = new(Sample.Descriptor);
        JsonParser.Default.Merge(message, json);
        Assert.Equal(json, JsonFormatter.Default.Format(message));
        Assert.Equal(full.ToString(), message.ToString());
        Assert.Equal(Parser.ParseFrom(FullBytes), message);
        Assert.IsType<DynamicMessage>(message["child"]);
        Assert.IsType<DynamicMessage>(((IList)message["children"]!)[0]);
        Assert.IsType<DynamicMessage>(((IDictionary)message["named"]!)[7]);
    }

    [Fact]
    public void Values_have_the_types_of_generated_code_and_enums_are_numbers()
    {
        DynamicMessage message = Parser.ParseFrom(FullBytes);
        Sample full = Samples.Full();
        foreach (FieldDescriptor field in Sample.Descriptor.Fields.InDeclarationOrder())
        {
            object? expected = ((IFieldAccess)full).GetField(field.FieldNumber);
            object? found = message.GetField(field);
            switch (expected)
            {
                case Enum number:
                    Assert.Equal(Convert.ToInt32(number, null), found);
                    break;
                case IMessage nested:
                    Assert.Equal(nested.ToByteArray(), Assert.IsType<DynamicMessage>(found).ToByteArray());
                    break;
                case RepeatedField<Sample> or RepeatedField<Sample.Types.Point>:
                    Assert.Equal(((IList)expected).Count, Assert.IsType<RepeatedField<DynamicMessage>>(found).Count);
                    break;
                case RepeatedField<Level> levels:
                    Assert.Equal(levels.Select(level => (int)level), Assert.IsType<RepeatedField<int>>(found));
                    break;
                case MapField<int, Sample>:
                    Assert.Equal([7], Assert.IsType<MapField<int, DynamicMessage>>(found).Keys);
                    break;
                default:
                    Assert.Equal(expected, found);
                    break;
            }

            Assert.Equal(((IFieldAccess)full).HasField(field.FieldNumber), message.HasField(field));
        }
    }

    [Fact]
    public void What_is_set_field_by_field_is_what_is_parsed()
    {
        DynamicMessage parsed = Parser.ParseFrom(FullBytes);
        DynamicMessage built = new(Sample.Descriptor);
        foreach (FieldDescriptor field in Sample.Descriptor.Fields.InDeclarationOrder())
        {
            object? value = parsed.GetField(field);
            if (!parsed.HasField(field))
            {
                continue;
            }

            switch (built.GetField(field))
            {
                case IDictionary map:
                    foreach (DictionaryEntry entry in (IDictionary)value!)
                    {
                        map.Add(entry.Key, entry.Value);
                    }

                    break;
                case IList list:
                    foreach (object? element in (IList)value!)
                    {
                        list.Add(element);
                    }

                    break;
                default:
                    built.SetField(field, value);
                    break;
            }
        }

        Assert.Equal(parsed, built);
        Assert.Equal(FullBytes, built.ToByteArray());
        foreach (FieldDescriptor field in Sample.Descriptor.Fields.InDeclarationOrder())
        {
            built.ClearField(field);
            Assert.False(built.HasField(field));
        }

        Assert.Equal(new DynamicMessage(Sample.Descriptor), built);
        Assert.Equal(new DynamicMessage(Sample.Descriptor).GetHashCode(), built.GetHashCode());
        Assert.Empty(built.ToByteArray());
    }

    [Fact]
    public void Unset_fields_read_as_their_defaults()
    {
        DynamicMessage message = new(Sample.Descriptor);
        Assert.Equal(7, message["count"]);
        Assert.Equal((int)Level.Low, message["level"]);
        Assert.Equal("old", message["legacy"]);
        Assert.Equal(ByteString.Empty, message["data"]);
        Assert.Equal("", message["name"]);
        Assert.Equal(0L, message["size"]);
        Assert.Null(message["child"]);
        Assert.Null(message["wrapped"]);
        Assert.Empty((IEnumerable)message["numbers"]!);
    }

    [Fact]
    public void A_member_of_a_oneof_replaces_the_one_that_is_set()
    {
        DynamicMessage message = new(Sample.Descriptor) { ["size"] = 5L };
        OneofAccessor body = Sample.Descriptor.Oneofs[0].Accessor;
        message["text"] = "";
        Assert.Equal("text", body.GetCaseFieldDescriptor(message)!.Name);
        Assert.Equal(0L, message["size"]);
        DynamicMessage inner = new(Sample.Descriptor.Fields["inner"].MessageType) { ["x"] = 1 };
        message["inner"] = inner;
        Assert.False(message.HasField(Sample.TextFieldNumber));
        message["size"] = 0L;
        Assert.Null(message["inner"]);
        Assert.Equal("size", body.GetCaseFieldDescriptor(message)!.Name);
        message.ClearField(Sample.TextFieldNumber); // of no effect: it is not the case
        Assert.True(message.HasField(Sample.SizeFieldNumber));
        body.Clear(message);
        Assert.Null(body.GetCaseFieldDescriptor(message));
        Assert.Empty(message.ToByteArray());
    }

    [Fact]
    public void Merging_objects_is_merging_their_bytes()
    {
        Sample right = new() { Required = 50, Child = new Sample { Id = 5 }, Inner = new Sample.Types.Point { Y = 1 }, Wrapped = 0 };
        right.Words.Add("last");
        right.Named[7] = new Sample { Required = 8 };
        Sample left = Samples.Full();
        left.Wrapped = 3;
        DynamicMessage merged = Parser.ParseFrom(left.ToByteArray());
        DynamicMessage other = new(Sample.Descriptor);
        JsonParser.Default.Merge(other, right.ToString());
        merged.MergeFrom(other);
        left.MergeFrom(right);
        Assert.Equal(left.ToByteArray(), merged.ToByteArray());
        Assert.Equal(3, merged["wrapped"]);
        ((IList)other["words"]!).Add("more");
        Assert.NotEqual(((IList)other["words"]!).Count, ((IList)merged["words"]!).Count);
    }

    [Fact]
    public void A_clone_is_equal_and_independent()
    {
        DynamicMessage message = Parser.WithExtensionRegistry(PoolRegistry()).ParseFrom(WithExtensions().ToByteArray());
        DynamicMessage clone = message.Clone();
        Assert.Equal(message, clone);
        ((DynamicMessage)clone["child"]!)["id"] = 99;
        ((DynamicMessage)((IDictionary)clone["named"]!)[7]!)["id"] = 99;
        Assert.Equal(0, ((DynamicMessage)message["child"]!)["id"]);
        Assert.Equal(0, ((DynamicMessage)((IDictionary)message["named"]!)[7]!)["id"]);
    }

    [Fact]
    public void Numbers_that_a_closed_enum_lacks_are_kept_as_unknown_fields()
    {
        byte[] bytes = [0x38, 3, 0x38, 2, 0x7A, 3, 1, 9, 2, 0x78, 8, 0xA8, 1, 1];
        Sample generated = Sample.Parser.ParseFrom(bytes);
        DynamicMessage message = Parser.ParseFrom(bytes);
        Assert.Equal(generated.ToByteArray(), message.ToByteArray());
        Assert.Equal(((IMessage)generated).UnknownFields, message.UnknownFields);
        Assert.Equal(2, message["level"]);
        Assert.Equal([1, 2], (IEnumerable<int>)message["levels"]!);
    }

    [Fact]
    public void Unknown_fields_keep_their_order_or_are_dropped()
    {
        byte[] unknown = [0xF8, 7, 1, 0xC3, 0xB8, 2, 8, 1, 0xC4, 0xB8, 2, 0xF0, 7, 5, 0xFA, 7, 1, 65];
        byte[] bytes = [.. unknown, 0xA8, 1, 1];
        DynamicMessage message = Parser.ParseFrom(bytes);
        Assert.Equal(unknown, message.UnknownFields!.Encoded.ToArray());
        byte[] expected = [0xA8, 1, 1, .. unknown];
        Assert.Equal(expected, message.ToByteArray());
        Assert.Null(Parser.WithDiscardUnknownFields(true).ParseFrom(bytes).UnknownFields);
    }

    [Fact]
    public void Required_fields_are_checked_with_their_paths()
    {
        InvalidProtocolBufferException e = Assert.Throws<InvalidProtocolBufferException>(() => Parser.ParseFrom([0x42, 0, 0xA8, 1, 1]));
        Assert.Contains("child.required", e.Message, StringComparison.Ordinal);
        Assert.False(((IMessage)new DynamicMessage(Sample.Descriptor)).IsInitialized());
    }

    [Fact]
    public void Values_of_other_types_are_refused()
    {
        DynamicMessage message = new(Sample.Descriptor);
        Assert.Throws<InvalidCastException>(() => message["id"] = "1");
        Assert.Throws<InvalidCastException>(() => message["id"] = 1L);
        Assert.Throws<ArgumentNullException>(() => message["id"] = null);
        Assert.Throws<ArgumentNullException>(() => message["name"] = null);
        Assert.Throws<InvalidCastException>(() => message["wrapped"] = 1L);
        Assert.Throws<InvalidCastException>(() => message["child"] = new Sample());
        Assert.Throws<InvalidCastException>(() => message["child"] = new DynamicMessage(Sample.Types.Point.Descriptor));
        Assert.Throws<ArgumentException>(() => message["numbers"] = new RepeatedField<int>());
        Assert.Throws<ArgumentException>(() => message["nope"]);
        Assert.Throws<ArgumentException>(() => message.GetField(24));
        Assert.Throws<ArgumentException>(() => message.GetField(Sample.Types.Point.Descriptor.Fields["x"]));
        Assert.Throws<ArgumentException>(() => message.MergeFrom(new DynamicMessage(Sample.Types.Point.Descriptor)));
        message["child"] = null;
        Assert.Equal(new DynamicMessage(Sample.Descriptor), message);
    }

    [Fact]
    public void A_message_of_another_type_in_a_live_list_is_found_before_it_is_written()
    {
        DynamicMessage message = new(Sample.Descriptor);
        ((RepeatedField<DynamicMessage>)message["children"]!).Add(new DynamicMessage(Sample.Types.Point.Descriptor));
        InvalidCastException e = Assert.Throws<InvalidCastException>(() => message.CalculateSize());
        Assert.Contains(Sample.Types.Point.Descriptor.FullName, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Extensions_of_a_registry_of_descriptors_are_read_and_reached_by_descriptor()
    {
        byte[] bytes = WithExtensions().ToByteArray();
        Assert.NotNull(Parser.ParseFrom(bytes).UnknownFields);
        MessageDescriptor type = Pool().FindMessage(Sample.Descriptor.FullName)!;
        DynamicMessage message = DynamicMessage.ParserOf(type).WithExtensionRegistry(Pool().ToExtensionRegistry()).ParseFrom(bytes);
        Assert.NotNull(message.UnknownFields); // another pool's extensions are of another type

        DescriptorPool pool = Pool();
        type = pool.FindMessage(Sample.Descriptor.FullName)!;
        message = DynamicMessage.ParserOf(type).WithExtensionRegistry(pool.ToExtensionRegistry()).ParseFrom(bytes);
        Assert.Null(message.UnknownFields);
        Assert.Equal(bytes, message.ToByteArray());
        FieldDescriptor weight = (FieldDescriptor)pool.FindSymbol("peregrine.tests.weight")!;
        FieldDescriptor notes = (FieldDescriptor)pool.FindSymbol("peregrine.tests.notes")!;
        FieldDescriptor origin = (FieldDescriptor)pool.FindSymbol("peregrine.tests.origin")!;
        Assert.Equal(70, message.GetField(weight));
        Assert.Equal(["a", "b"], (IEnumerable<string>)message.GetField(notes)!);
        Assert.Equal(4, ((DynamicMessage)message.GetField(origin)!)["x"]);
        Assert.Throws<InvalidCastException>(() => message.SetField(weight, "x"));
        Assert.Throws<ArgumentException>(() => new DynamicMessage(Sample.Descriptor).SetField(weight, 1));
        message.SetField(weight, 71);
        message.SetField(origin, null);
        message.ClearField(notes);
        Assert.True(message.HasField(weight));
        Assert.False(message.HasField(origin));
        Assert.False(message.HasField(notes));
        Assert.Equal(71, message.Clone().GetField(weight));
        TypeRegistry types = pool.ToTypeRegistry();
        string json = new JsonFormatter(JsonFormatter.Settings.Default.WithTypeRegistry(types)).Format(message);
        Assert.Contains("\"[peregrine.tests.weight]\":71", json, StringComparison.Ordinal);
        Assert.Equal(message, new JsonParser(JsonParser.Settings.Default.WithTypeRegistry(types)).Parse(json, type));
    }

    [Fact]
    public void Messages_of_two_pools_are_of_different_types()
    {
        DynamicMessage one = new(Pool().FindMessage(Sample.Descriptor.FullName)!);
        DynamicMessage two = new(Pool().FindMessage(Sample.Descriptor.FullName)!);
        Assert.NotEqual(one, two);
        Assert.Throws<ArgumentException>(() => one.MergeFrom(two));
    }

    [Fact]
    public void Numbers_are_parsed_and_written_without_allocation()
    {
        byte[] bytes = new Sample { Id = 1000, Ratio = 2.5, Count = -3, Color = Color.Red, Size = 1L << 40, Required = 9 }.ToByteArray();
        byte[] output = new byte[bytes.Length];
        DynamicMessage target = Parser.ParseFrom(bytes);
        target.WriteTo(output.AsSpan());
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            target.MergeFrom(bytes.AsSpan());
            target.WriteTo(output.AsSpan());
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(bytes, output);
    }

    [Fact]
    public void Extensions_of_generated_types_are_dynamic_in_dynamic_messages()
    {
        // The type is the one of the generated class, and so are its extensions.
        DescriptorPool pool = new();
        pool.Add(SampleReflection.Descriptor);
        TypeRegistry types = pool.ToTypeRegistry();
        Sample generated = WithExtensions();
        DynamicMessage parsed = DynamicMessage.ParserOf(Sample.Descriptor).WithExtensionRegistry(pool.ToExtensionRegistry()).ParseFrom(generated.ToByteArray());
        FieldDescriptor origin = pool.FindExtension(Sample.Descriptor, SampleExtensions.Origin.FieldNumber)!;
        Assert.Equal(4, ((DynamicMessage)parsed.GetField(origin)!)["x"]);
        DynamicMessage copied = new(Sample.Descriptor);
        copied.SetField(origin, parsed.GetField(origin));
        Assert.True(copied.HasField(origin));
        string text = new TextFormatter(TextFormatter.Settings.Default.WithTypeRegistry(types)).Format(generated);
        DynamicMessage fromText = new(Sample.Descriptor);
        new TextParser(TextParser.Settings.Default.WithTypeRegistry(types)).Merge(fromText, text);
        Assert.Equal(generated, Sample.Parser.WithExtensionRegistry(pool.ToExtensionRegistry()).ParseFrom(fromText.ToByteArray()));
        DynamicMessage fromJson = new(Sample.Descriptor);
        new JsonParser(JsonParser.Settings.Default.WithTypeRegistry(types)).Merge(fromJson, new JsonFormatter(JsonFormatter.Settings.Default.WithTypeRegistry(types)).Format(generated));
        Assert.Equal(generated, Sample.Parser.WithExtensionRegistry(pool.ToExtensionRegistry()).ParseFrom(fromJson.ToByteArray()));
    }

    private static DescriptorPool Pool()
    {
        DescriptorPool generated = new();
        generated.Add(SampleReflection.Descriptor);
        FileDescriptorSet set = new();
        set.File.AddRange(generated.Files.Select(file => file.ToProto()));
        return DescriptorPool.FromFileDescriptorSet(set);
    }

    private static ExtensionRegistry PoolRegistry() => Pool().ToExtensionRegistry();

    private static Sample WithExtensions()
    {
        Sample message = Samples.Full();
        message.SetExtension(SampleExtensions.Weight, 70);
        message.GetOrInitializeExtension(SampleExtensions.Notes).AddRange("a", "b");
        message.SetExtension(SampleExtensions.Origin, new Sample.Types.Point { X = 4 });
        return message;
    }
}
