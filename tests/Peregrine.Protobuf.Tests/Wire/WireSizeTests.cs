// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Wire;
using Xunit;

namespace Peregrine.Protobuf.Tests.Wire;

public class WireSizeTests
{
    [Fact]
    public void The_size_of_a_varint_is_what_is_written_at_every_power_of_two()
    {
        byte[] buffer = new byte[16];
        for (int bit = 0; bit < 64; bit++)
        {
            foreach (ulong value in new[] { (1UL << bit) - 1, 1UL << bit, (1UL << bit) + 1 })
            {
                WireWriter writer = new(buffer);
                writer.WriteUInt64Value(value);
                Assert.Equal(writer.Position, WireSize.UInt64(value));
                if (value <= uint.MaxValue)
                {
                    Assert.Equal(writer.Position, WireSize.UInt32((uint)value));
                }
            }
        }
    }

    [Fact]
    public void A_message_over_two_gibibytes_is_refused() =>
        Assert.Throws<InvalidOperationException>(() => WireSize.Total(1L << 31));

    [Fact]
    public void The_largest_message_is_one_byte_below_two_gibibytes() =>
        Assert.Equal(int.MaxValue, WireSize.Total((1L << 31) - 1));

    [Fact]
    public void A_text_is_counted_alike_in_one_piece_and_in_pieces_of_any_length()
    {
        const string Text = "aä☺😈\uD83D😈😈z";
        int whole = System.Text.Encoding.UTF8.GetByteCount(Text);
        Assert.Equal(whole + 1, WireSize.String(Text));
        for (int piece = 1; piece <= Text.Length; piece++)
        {
            Assert.Equal(whole, WireSize.Utf8Length(Text, piece));
        }
    }

    [Fact]
    public void Texts_whose_length_prefixes_differ_in_size_are_sized_right()
    {
        foreach (int length in new[] { 0, 127, 128, 16383, 16384 })
        {
            ByteString bytes = ByteString.CopyFrom(new byte[length]);
            Assert.Equal(length + WireSize.Length(length), WireSize.Bytes(bytes));
            Assert.Equal(length + WireSize.Length(length), WireSize.String(new string('x', length)));
        }
    }

    [Fact]
    public void A_message_too_large_for_its_destination_is_refused() =>
        Assert.Throws<InvalidOperationException>(() =>
        {
            WireWriter writer = new(new byte[3]);
            writer.WriteStringValue("abc");
        });
}
