// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Wire;
using Xunit;

namespace Peregrine.Protobuf.Tests.Messages;

public class ExtensionTests
{
    internal static readonly Extension<Sample, Sample> Child = new(114, FieldCodec.ForMessage(914, Sample.Parser));

    private static readonly Extension<Sample, Sample.Types.Point> s_spot =
        new(110, FieldCodec.ForGroup(883, Sample.Types.Point.Parser));

    private static readonly RepeatedExtension<Sample, Sample.Types.Point> s_spots =
        new(109, FieldCodec.ForGroup(875, Sample.Types.Point.Parser));

    private static readonly RepeatedExtension<Sample, int> s_packed = new(111, FieldCodec.ForSInt32(890));

    private static readonly Extension<Sample, Level> s_level = new(112, FieldCodec.ForEnum(896, Level.Low, IsDefined));

    private static readonly RepeatedExtension<Sample, Level> s_levels =
        new(113, FieldCodec.ForEnum(906, Level.Low, IsDefined));

    private static readonly Extension<Sample, string?> s_text =
        new(115, FieldCodec.ForClassWrapper<string, StringCodec>(922));

    private static readonly Extension<Sample, int?> s_number = new(116, FieldCodec.ForStructWrapper<int, Int32Codec>(930));

    private static readonly MessageParser<Sample> s_parser = Sample.Parser.WithExtensionRegistry(
        [Child, s_spot, s_spots, s_packed, s_level, s_levels, s_text, s_number, SampleExtensions.Weight]);

    [Fact]
    public void Groups_packed_lists_closed_enums_and_wrappers_survive_serialization()
    {
        Sample message = new() { Required = 1 };
        message.SetExtension(s_spot, new Sample.Types.Point { X = 1 });
        message.GetOrInitializeExtension(s_spots).AddRange(new Sample.Types.Point(), new Sample.Types.Point { Y = 2 });
        message.GetOrInitializeExtension(s_packed).AddRange(0, -1, int.MaxValue);
        message.SetExtension(s_level, Level.High);
        message.GetOrInitializeExtension(s_levels).AddRange(Level.High, Level.Low);
        message.SetExtension(s_text, "text");
        message.SetExtension(s_number, 0);
        byte[] bytes = message.ToByteArray();
        Assert.Equal(
            "A80101" // required
            + "EB06EC06" + "EB061002EC06" // s_spots
            + "F3060801F406" // s_spot
            + "FA06" + "07" + "0001FEFFFFFF0F" // s_packed
            + "800702" // s_level
            + "8A07020201" // s_levels
            + "9A07060A0474657874" // s_text
            + "A20700", // s_number
            Convert.ToHexString(bytes));
        Sample parsed = s_parser.ParseFrom(bytes);
        Assert.Equal(message, parsed);
        Assert.Equal(message.GetHashCode(), parsed.GetHashCode());
        Assert.Null(((IMessage)parsed).UnknownFields);
        Assert.Equal(message, message.Clone());
    }

    [Fact]
    public void Packed_extensions_are_read_element_by_element_too()
    {
        Sample parsed = s_parser.ParseFrom(Convert.FromHexString("A80101" + "F80601" + "F80602"));
        Assert.Equal([-1, 1], parsed.GetExtension(s_packed)!);
    }

    [Fact]
    public void A_group_extension_that_does_not_end_is_refused() =>
        Assert.Throws<InvalidProtocolBufferException>(() => s_parser.ParseFrom(Convert.FromHexString("A80101" + "F3060801")));

    [Fact]
    public void A_number_that_a_closed_enum_lacks_leaves_the_extension_unset()
    {
        Sample parsed = s_parser.ParseFrom(Convert.FromHexString("A80101" + "800709" + "8A0703010902"));
        Assert.False(parsed.HasExtension(s_level));
        Assert.Equal(Level.Low, parsed.GetExtension(s_level));
        Assert.Equal([Level.Low, Level.High], parsed.GetExtension(s_levels)!);
        Assert.Equal("800709" + "880709", Convert.ToHexString(((IMessage)parsed).UnknownFields!.Encoded.Span));

        Sample kept = s_parser.ParseFrom(Convert.FromHexString("A80101" + "800702" + "800709"));
        Assert.Equal(Level.High, kept.GetExtension(s_level));

        Sample unset = s_parser.WithDiscardUnknownFields(true).ParseFrom(Convert.FromHexString("A80101" + "800709"));
        Assert.Equal(new Sample { Required = 1 }, unset);
        Assert.Equal(new Sample { Required = 1 }.GetHashCode(), unset.GetHashCode());
        Assert.Empty(((IExtendable)unset).Extensions?.Values ?? []);
    }

    [Fact]
    public void An_empty_list_of_an_extension_is_as_good_as_none()
    {
        Sample message = new() { Required = 1 };
        _ = message.GetOrInitializeExtension(s_packed);
        Assert.Equal(new Sample { Required = 1 }, message);
        Assert.Equal(message, new Sample { Required = 1 });
        Assert.Equal(new Sample { Required = 1 }.GetHashCode(), message.GetHashCode());
    }

    [Fact]
    public void Merging_merges_message_extensions_with_their_extensions()
    {
        Sample left = new() { Required = 1 };
        left.SetExtension(Child, new Sample { Id = 1 });
        left.GetExtension(Child)!.SetExtension(s_spot, new Sample.Types.Point { X = 1 });
        Sample right = new();

        // Without its required field: merging objects asks for none.
        right.SetExtension(Child, new Sample { Name = "right" });
        right.GetExtension(Child)!.SetExtension(SampleExtensions.Weight, 5);
        right.GetExtension(Child)!.SetExtension(s_spot, new Sample.Types.Point { Y = 2 });
        left.MergeFrom(right);
        Sample merged = left.GetExtension(Child)!;
        Assert.Equal(1, merged.Id);
        Assert.Equal("right", merged.Name);
        Assert.Equal(5, merged.GetExtension(SampleExtensions.Weight));
        Assert.Equal(new Sample.Types.Point { X = 1, Y = 2 }, merged.GetExtension(s_spot));
        Assert.Equal(0, right.GetExtension(Child)!.GetExtension(s_spot)!.X);
    }

    [Fact]
    public void Merging_a_wrapper_with_a_default_inside_keeps_the_value()
    {
        Sample message = new() { Required = 1 };
        message.SetExtension(s_text, "text");
        message.SetExtension(s_number, 7);
        Sample defaults = new();
        defaults.SetExtension(s_text, "");
        defaults.SetExtension(s_number, 0);
        Sample parsed = s_parser.ParseFrom([.. message.ToByteArray(), .. defaults.ToByteArray()]);
        message.MergeFrom(defaults);
        Assert.Equal("text", message.GetExtension(s_text));
        Assert.Equal(7, message.GetExtension(s_number));
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
