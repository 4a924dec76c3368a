// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Peregrine.Protocol;

namespace Peregrine.Tests.Protocol;

public class BinaryMetadataTests
{
    [Fact]
    public void Binary_values_are_sent_unpadded_and_read_padded_or_not()
    {
        var random = new Random(5);
        for (int length = 0; length < 70; length++)
        {
            byte[] value = new byte[length];
            random.NextBytes(value);
            byte[] buffer = new byte[(length + 2) / 3 * 4];
            string unpadded = Encoding.ASCII.GetString(buffer.AsSpan(0, BinaryMetadata.Encode(value, buffer)));
            Assert.Equal(Convert.ToBase64String(value).TrimEnd('='), unpadded);
            Assert.Equal([value], Decode(unpadded));
            Assert.Equal([value], Decode(Convert.ToBase64String(value)));
        }
    }

    [Fact]
    public void Values_joined_by_commas_are_split_before_decoding()
    {
        Assert.Equal([[1], [2, 3], []], Decode("AQ==,AgM, "));
        Assert.Equal([[1], [2]], Decode(" AQ , Ag== "));
    }

    [Fact]
    public void An_empty_value_survives() => Assert.Equal([[]], Decode(""));

    [Theory]
    [InlineData("A")]
    [InlineData("AQ=")]
    [InlineData("AQ===")]
    [InlineData("AQIDBA====")]
    [InlineData("A Q=")]
    [InlineData("====")]
    [InlineData("*")]
    [InlineData("_-8")] // the URL alphabet is another one
    [InlineData("AQ,*")]
    public void Bad_base64_is_refused(string text)
    {
        Assert.False(BinaryMetadata.TryDecode(Encoding.ASCII.GetBytes(text), []));
        Assert.False(BinaryMetadata.IsValid(Encoding.ASCII.GetBytes(text)));
    }

    private static List<byte[]> Decode(string text)
    {
        List<byte[]> values = [];
        Assert.True(BinaryMetadata.TryDecode(Encoding.ASCII.GetBytes(text), values));
        return values;
    }
}
