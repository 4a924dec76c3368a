// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Wire;
using Xunit;

namespace Peregrine.Protobuf.Tests.Messages;

public class ExtensionTests
{
    internal static readonly Extension<Sample, Sample> Child = new(114, FieldCodec.ForMessage(914, Sample.Parser));

    private static readonly Extension<Sample, Sample.Types.Point> Spot =
        new(110, FieldCodec.ForGroup(883, Sample.Types.Point.Parser));

    private static readonly RepeatedExtension<Sample, Sample.Types.Point> Spots =
        new(109, FieldCodec.ForGroup(875, Sample.Types.Point.Parser));

    private static readonly RepeatedExtension<Sample, int> Packed = new(111, FieldCodec.ForSInt32(890));

    private static readonly Extension<Sample, Level> SingleLevel = new(112, FieldCodec.ForEnum(896, Level.Low, IsDefined));

    private static readonly RepeatedExtension<Sample, Level> Levels =
        new(113, FieldCodec.ForEnum(906, Level.Low, IsDefined));

    private static readonly Extension<Sample, string?> Text =
        new(115, FieldCodec.ForClassWrapper<string, StringCodec>(922));

    private static readonly Extension<Sample, int?> Number = new(116, FieldCodec.ForStructWrapper<int, Int32Codec>(930));

    private static readonly MessageParser<Sample> Parser = Sample.Parser.WithExtensionRegistry(
        [Child, Spot, Spots, Packed, SingleLevel, Levels, Text, Number, SampleExtensions.Weight]);

    [Fact]
    public void Groups_packed_lists_closed_enums_and_wrappers_survive_serialization()
    {
        Sample message = new() { Required = 1 };
        message.SetExtension(Spot, new Sample.Types.Point { X = 1 });
        message.GetOrInitializeExtension(Spots).AddRange(new Sample.Types.Point(), new Sample.Types.Point { Y = 2 });
        message.GetOrInitializeExtension(Packed).AddRange(0, -1, int.MaxValue);
        message.SetExtension(SingleLevel, Level.High);
        message.GetOrInitializeExtension(Levels).AddRange(Level.High, Level.Low);
        message.SetExtension(Text, "text");
        message.SetExtension(Number, 0);
        byte[] bytes = message.ToByteArray();
        Assert.Equal(
            "A80101" // required
            + "EB06EC06" + "EB061002EC06" // Spots
            + "F3060801F406" // Spot
            + "FA06" + "07" + "0001FEFFFFFF0F" // Packed
            + "800702" // SingleLevel
            + "8A07020201" // Levels
            + "9A07060A0474657874" // Text
            + "A20700", // Number
            Convert.ToHexString(bytes));
        Sample parsed = Parser.ParseFrom(bytes);
        Assert.Equal(message, parsed);
        Assert.Equal(message.GetHashCode(), parsed.GetHashCode());
        Assert.Null(((IMessage)parsed).UnknownFields);
        Assert.Equal(message, message.Clone());
    }

    [Fact]
    public void Packed_extensions_are_read_element_by_element_too()
    {
        Sample parsed = Parser.ParseFrom(Convert.FromHexString("A80101" + "F80601" + "F80602"));
        Assert.Equal([-1, 1], parsed.GetExtension(Packed)!);
    }

    [Fact]
    public void A_group_extension_that_does_not_end_is_refused() =>
        Assert.Throws<InvalidProtocolBufferException>(() => Parser.ParseFrom(Convert.FromHexString("A80101" + "F3060801")));

    [Fact]
    public void A_number_that_a_closed_enum_lacks_leaves_the_extension_unset()
    {
        Sample parsed = Parser.ParseFrom(Convert.FromHexString("A80101" + "800709" + "8A0703010902"));
        Assert.False(parsed.HasExtension(SingleLevel));
        Assert.Equal(Level.Low, parsed.GetExtension(SingleLevel));
        Assert.Equal([Level.Low, Level.High], parsed.GetExtension(Levels)!);
        Assert.Equal("800709" + "880709", Convert.ToHexString(((IMessage)parsed).UnknownFields!.Encoded.Span));

        Sample kept = Parser.ParseFrom(Convert.FromHexString("A80101" + "800702" + "800709"));
        Assert.Equal(Level.High, kept.GetExtension(SingleLevel));

        Sample unset = Parser.WithDiscardUnknownFields(true).ParseFrom(Convert.FromHexString("A80101" + "800709"));
        Assert.Equal(new Sample { Required = 1 }, unset);
        Assert.Equal(new Sample { Required = 1 }.GetHashCode(), unset.GetHashCode());
        Assert.Empty(((IExtendable)unset).Extensions?.Values ?? []);
    }

    [Fact]
    public void An_empty_list_of_an_extension_is_as_good_as_none()
    {
        Sample message = new() { Required = 1 };
        _ = message.GetOrInitializeExtension(Packed);
        Assert.Equal(new Sample { Required = 1 }, message);
        Assert.Equal(message, new Sample { Required = 1 });
        Assert.Equal(new Sample { Required = 1 }.GetHashCode(), message.GetHashCode());
    }

    [Fact]
    public void Merging_merges_message_extensions_with_their_extensions()
    {
        Sample left = new() { Required = 1 };
        left.SetExtension(Child, new Sample { Id = 1 });
        left.GetExtension(Child)!.SetExtension(Spot, new Sample.Types.Point { X = 1 });
        Sample right = new();

        // Without its required field: merging objects asks for none.
        right.SetExtension(Child, new Sample { Name = "right" });
        right.GetExtension(Child)!.SetExtension(SampleExtensions.Weight, 5);
        right.GetExtension(Child)!.SetExtension(Spot, new Sample.Types.Point { Y = 2 });
        left.MergeFrom(right);
        Sample merged = left.GetExtension(Child)!;
        Assert.Equal(1, merged.Id);
        Assert.Equal("right", merged.Name);
        Assert.Equal(5, merged.GetExtension(SampleExtensions.Weight));
        Assert.Equal(new Sample.Types.Point { X = 1, Y = 2 }, merged.GetExtension(Spot));
        Assert.Equal(0, right.GetExtension(Child)!.GetExtension(Spot)!.X);
    }

    [Fact]
    public void Merging_a_wrapper_with_a_default_inside_keeps_the_value()
    {
        Sample message = new() { Required = 1 };
        message.SetExtension(Text, "text");
        message.SetExtension(Number, 7);
        Sample defaults = new();
        defaults.SetExtension(Text, "");
        defaults.SetExtension(Number, 0);
        Sample parsed = Parser.ParseFrom([.. message.ToByteArray(), .. defaults.ToByteArray()]);
        message.MergeFrom(defaults);
        Assert.Equal("text", message.GetExtension(Text));
        Assert.Equal(7, message.GetExtension(Number));
        Assert.Equal(message, parsed);
    }

    [Fact]
    public void Two_extensions_of_one_number_are_not_mixed()
    {
        Extension<Sample, string> other = new(SampleExtensions.Weight.FieldNumber, FieldCodec.ForString(802));
        Sample left = new();
        left.SetExtension(SampleExtensions.Weight, 1);
        Sample right = new();
        right.SetExtension(other, "heavy");
        Assert.Throws<InvalidOperationException>(() => left.MergeFrom(right));
        Assert.Throws<InvalidOperationException>(() => left.GetExtension(other));
        Assert.NotEqual(left, right);
    }

    private static bool IsDefined(Level level) => (int)level is 1 or 2;
}
