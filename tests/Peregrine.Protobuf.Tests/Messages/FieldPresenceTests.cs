// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Peregrine.Protobuf.Wire;
using Xunit;

namespace Peregrine.Protobuf.Tests.Messages;

public class FieldPresenceTests
{
    [Fact]
    public void Implicit_presence_writes_no_defaults_but_negative_zero()
    {
        Assert.Equal(0, new Sample { Id = 0, Ratio = 0, Name = "", Color = 0 }.CalculateSize());
        Assert.Equal(9, new Sample { Ratio = -0.0 }.CalculateSize());
    }

    [Fact]
    public void Explicit_presence_writes_a_default_that_was_set()
    {
        Sample message = new() { Count = 7, Required = 0, Data = ByteString.Empty };
        Assert.Equal("2007" + "2A00" + "A80100", Convert.ToHexString(message.ToByteArray()));
        message.ClearCount();
        message.ClearData();
        Assert.Equal(7, message.Count);
        Assert.False(message.HasCount);
        Assert.Equal("A80100", Convert.ToHexString(message.ToByteArray()));
    }

    [Fact]
    public void Null_is_refused_for_strings_and_bytes()
    {
        Sample message = new();
        Assert.Throws<ArgumentNullException>(() => message.Name = null!);
        Assert.Throws<ArgumentNullException>(() => message.Data = null!);
        Assert.Throws<ArgumentNullException>(() => message.Text = null!);
        Assert.Throws<ArgumentNullException>(() => message.Words.Add((string)null!));
        Assert.Throws<ArgumentNullException>(() => message.Named.Add(1, null!));
    }

    [Fact]
    public void The_last_case_of_a_oneof_wins()
    {
        Sample message = Sample.Parser.ParseFrom(Convert.FromHexString("980105" + "92010161" + "A80100"));
        Assert.Equal(Sample.BodyOneofCase.Text, message.BodyCase);
        Assert.Equal("a", message.Text);
        Assert.Equal(0, message.Size);
        message.Size = 6;
        Assert.False(message.HasText);
        message.ClearSize();
        Assert.Equal(Sample.BodyOneofCase.None, message.BodyCase);
    }

    [Fact]
    public void A_missing_required_field_is_named_with_its_path()
    {
        Sample message = new() { Required = 1, Child = new Sample(), Named = { [3] = new Sample() } };
        message.Children.Add(new Sample { Required = 1 });
        message.Children.Add(new Sample());
        Assert.False(message.IsInitialized());
        InvalidProtocolBufferException error = Assert.Throws<InvalidProtocolBufferException>(
            () => Sample.Parser.ParseFrom(message.ToByteArray()));
        Assert.Contains("child.required, children[1].required, named[3].required", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_numbers_are_kept_by_open_enums_and_set_apart_by_closed_ones()
    {
        // color = 9, level = 9, levels = [1, 9, 2] packed, levels = 8 expanded
        byte[] bytes = Convert.FromHexString("3009" + "3809" + "7A03010902" + "7808" + "A80100");
        Sample message = Sample.Parser.ParseFrom(bytes);
        Assert.Equal(9, (int)message.Color);
        Assert.False(message.HasLevel);
        Assert.Equal(Level.Low, message.Level);
        Assert.Equal([Level.Low, Level.High], message.Levels);
        Assert.Equal(
            "380978097808", Convert.ToHexString(((IMessage)message).UnknownFields!.Encoded.Span));
    }

    [Fact]
    public void Unknown_fields_keep_their_order_and_can_be_dropped()
    {
        // Numbers 1000 (varint), 1001 (fixed64), 1002 (group of a string), 1003 (fixed32), 1000 again.
        string unknown = "C03E05" + "C93E0102030405060708" + "D33E0A0161D43E" + "DD3E01020304" + "C03E06";
        byte[] bytes = Convert.FromHexString("A80101" + unknown);
        Sample message = Sample.Parser.ParseFrom(bytes);
        Assert.Equal(bytes, message.ToByteArray());
        Assert.Equal(bytes, message.Clone().ToByteArray());
        message.MergeFrom(message.Clone());
        Assert.Equal("A80101" + unknown + unknown, Convert.ToHexString(message.ToByteArray()));
        Sample without = Sample.Parser.WithDiscardUnknownFields(true).ParseFrom(bytes);
        Assert.Equal("A80101", Convert.ToHexString(without.ToByteArray()));
    }

    [Fact]
    public void Packed_and_expanded_elements_are_read_alike()
    {
        Sample message = Sample.Parser.ParseFrom(Convert.FromHexString(
            "5001" + "52020304" + "5A080100000000000000" + "590200000000000000" + "A80100"));
        Assert.Equal([-1, -2, 2], message.Numbers);
        Assert.Equal([1UL, 2UL], message.Loose);
    }

    [Fact]
    public void A_map_entry_without_key_or_value_has_defaults()
    {
        Sample message = Sample.Parser.ParseFrom(Convert.FromHexString(
            "820100" + "8201031A0161" + "82010510030A0161" + "A80100"));
        Assert.Equal(0, message.Counts[""]);
        Assert.Equal(3, message.Counts["a"]);
        Sample named = Sample.Parser.ParseFrom(new Sample { Required = 1, Named = { [0] = new Sample { Required = 1 } } }.ToByteArray());
        Assert.Equal(1, named.Named[0].Required);
    }

    [Fact]
    public void Deterministic_maps_are_written_in_key_order()
    {
        Sample message = new() { Counts = { ["b"] = 1, ["a"] = 2 } };
        int size = message.CalculateSize();
        byte[] bytes = new byte[size];
        WireWriter writer = new(bytes) { Deterministic = true };
        ((IMessage)message).WriteTo(ref writer);
        Assert.Equal("8201050A01611002" + "8201050A01621001", Convert.ToHexString(bytes));
    }

    [Fact]
    public void Wrappers_tell_unset_from_default()
    {
        Assert.Null(Sample.Parser.ParseFrom(new Sample { Required = 1 }.ToByteArray()).Wrapped);
        Sample zero = new() { Wrapped = 0 };
        Assert.Equal("BA0100", Convert.ToHexString(zero.ToByteArray()));
        Sample five = Sample.Parser.ParseFrom(new Sample { Required = 1, Wrapped = 5 }.ToByteArray());
        Assert.Equal(5, five.Wrapped);
    }

    [Fact]
    public void Extensions_are_parsed_with_a_registry_and_unknown_without()
    {
        Sample message = new() { Required = 1 };
        message.SetExtension(SampleExtensions.Weight, -5);
        message.GetOrInitializeExtension(SampleExtensions.Notes).AddRange("a", "b");
        message.SetExtension(SampleExtensions.Origin, new Sample.Types.Point { X = 4 });
        byte[] bytes = message.ToByteArray();
        Sample plain = Sample.Parser.ParseFrom(bytes);
        Assert.False(plain.HasExtension(SampleExtensions.Weight));
        Assert.Equal(0, plain.GetExtension(SampleExtensions.Weight));
        Assert.Equal(bytes, plain.ToByteArray());
        ExtensionRegistry registry = [SampleExtensions.Weight, SampleExtensions.Notes, SampleExtensions.Origin];
        Sample parsed = Sample.Parser.WithExtensionRegistry(registry).ParseFrom(bytes);
        Assert.Equal(message, parsed);
        Assert.Equal(-5, parsed.GetExtension(SampleExtensions.Weight));
        Assert.Equal(["a", "b"], parsed.GetExtension(SampleExtensions.Notes)!);
        Assert.Equal(4, parsed.GetExtension(SampleExtensions.Origin)!.X);
        Assert.Null(((IMessage)parsed).UnknownFields);
        parsed.ClearExtension(SampleExtensions.Weight);
        parsed.ClearExtension(SampleExtensions.Notes);
        parsed.ClearExtension(SampleExtensions.Origin);
        Assert.Equal(new Sample { Required = 1 }, parsed);
    }

    [Fact]
    public void Fields_are_reached_by_number()
    {
        IMessage message = Samples.Full();
        Assert.Equal(-1, message.GetField(Sample.IdFieldNumber));
        message.SetField(Sample.LevelFieldNumber, 1);
        Assert.Equal(Level.Low, message.GetField(Sample.LevelFieldNumber));
        message.ClearField(Sample.TextFieldNumber);
        Assert.True(message.HasField(Sample.InnerFieldNumber));
        message.ClearField(Sample.InnerFieldNumber);
        Assert.False(message.HasField(Sample.InnerFieldNumber));
        Assert.Throws<ArgumentException>(() => message.GetField(999));
        Assert.Throws<ArgumentException>(() => message.SetField(Sample.NumbersFieldNumber, 1));
        Assert.Equal(-1, int.Parse(message.GetField(1)!.ToString()!, CultureInfo.InvariantCulture));
    }
}
