// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Wire;
using Xunit;

namespace Peregrine.Protobuf.Tests.Wire;

public sealed class WireFormatTests
{
    [Theory]
    [InlineData(1, WireType.Varint, 8u)]
    [InlineData(2, WireType.LengthDelimited, 18u)]
    [InlineData(536870911, WireType.Fixed32, 4294967293u)]
    public void Tags_are_a_number_and_a_wire_type(int number, WireType type, uint tag)
    {
        Assert.Equal(tag, WireFormat.MakeTag(number, type));
        Assert.Equal((number, type), (WireFormat.GetTagFieldNumber(tag), WireFormat.GetTagWireType(tag)));
    }

    [Fact]
    public void Raw_tags_are_written_as_they_are()
    {
        using MemoryStream output = new();
        using (CodedOutputStream coded = new(output, leaveOpen: true))
        {
            coded.WriteRawTag(8);
            coded.WriteInt32(1);
            coded.WriteRawTag(0xfd, 0xff, 0xff, 0xff, 0x0f);
            coded.WriteFixed32(2);
        }

        Assert.Equal([8, 1, 0xfd, 0xff, 0xff, 0xff, 0x0f, 2, 0, 0, 0], output.ToArray());
    }
}
