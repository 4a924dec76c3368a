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
    public void A_message_too_large_for_its_destination_is_refused() =>
        Assert.Throws<InvalidOperationException>(() =>
        {
            WireWriter writer = new(new byte[3]);
            writer.WriteStringValue("abc");
        });
}
