// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Peregrine.Protobuf.Wire;
using Xunit;

namespace Peregrine.Protobuf.Tests.Wire;

/// <summary>Strings take ways that depend on their length and on where the first character is that is not ASCII.</summary>
public class AsciiTextTests
{
    private const int Longest = 300;

    [Fact]
    public void Text_of_every_length_is_written_and_read_as_the_framework_encodes_it()
    {
        for (int length = 1; length <= Longest; length++)
        {
            string text = Text(length);
            Assert.Equal(length, AsciiText.Utf8Length(text));
            AssertRoundTrip(text);
        }
    }

    [Theory]
    [InlineData("é")]
    [InlineData("\u0080")]
    [InlineData("\u0100")]
    [InlineData("隼")]
    [InlineData("🦅")]
    public void A_character_beyond_ascii_is_found_at_every_place(string other)
    {
        for (int length = 1; length <= Longest; length += length < 70 ? 1 : 37)
        {
            for (int at = 0; at < length; at++)
            {
                string text = string.Concat(Text(at), other, Text(length - at - 1));
                Assert.Equal(Encoding.UTF8.GetByteCount(text), AsciiText.Utf8Length(text));
                AssertRoundTrip(text);
            }
        }
    }

    [Fact]
    public void A_byte_that_is_not_utf8_is_found_at_every_place()
    {
        for (int length = 1; length <= Longest; length += length < 70 ? 1 : 37)
        {
            for (int at = 0; at < length; at++)
            {
                byte[] bytes = Field(Encoding.UTF8.GetBytes(Text(length)));
                bytes[^(length - at)] = 0xFF;
                Assert.Throws<InvalidProtocolBufferException>(() => new WireReader(bytes).ReadString());
                Assert.Equal('\uFFFD', new WireReader(bytes).ReadStringLenient()[at]);
            }
        }
    }

    [Fact]
    public void Strings_that_are_read_are_not_shared()
    {
        byte[] bytes = Field("peregrine"u8);
        Assert.NotSame(new WireReader(bytes).ReadString(), new WireReader(bytes).ReadString());
    }

    private static void AssertRoundTrip(string text)
    {
        byte[] expected = Field(Encoding.UTF8.GetBytes(text));
        byte[] written = new byte[expected.Length];
        WireWriter writer = new(written);
        writer.WriteStringValue(text);
        Assert.Equal(expected, written);
        Assert.Equal(expected.Length, writer.Position);

        // With room behind it, too: the writer may not touch what follows.
        byte[] roomy = new byte[expected.Length + 20];
        new WireWriter(roomy).WriteStringValue(text);
        Assert.Equal(expected, roomy.AsSpan(0, expected.Length));
        Assert.Equal(new byte[20], roomy[expected.Length..]);
        Assert.Equal(text, new WireReader(expected).ReadString());
        Assert.Equal(text, new WireReader(roomy).ReadString());
    }

    private static byte[] Field(ReadOnlySpan<byte> content)
    {
        byte[] bytes = new byte[WireSize.Length(content.Length) + content.Length];
        WireWriter writer = new(bytes);
        writer.WriteLength(content.Length);
        writer.WriteRaw(content);
        return bytes;
    }

    private static string Text(int length) => string.Create(length, 0, static (text, _) =>
    {
        for (int i = 0; i < text.Length; i++)
        {
            text[i] = (char)(i * 31 % 128);
        }
    });
}
