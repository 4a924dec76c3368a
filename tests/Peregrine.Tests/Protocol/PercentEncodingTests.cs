// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Peregrine.Protocol;

namespace Peregrine.Tests.Protocol;

public class PercentEncodingTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("plain text, with ~ and !", "plain text, with ~ and !")]
    [InlineData("100%", "100%25")]
    [InlineData("a\r\nb", "a%0D%0Ab")]
    [InlineData("\u007f", "%7F")]
    [InlineData("é", "%C3%A9")]
    [InlineData("☺", "%E2%98%BA")]
    [InlineData("😈", "%F0%9F%98%88")]
    [InlineData(" x ", "%20x%20")] // HTTP strips blanks at the ends
    public void Message_is_escaped_with_upper_case_hex(string text, string encoded)
    {
        Assert.Equal(encoded, Encoding.ASCII.GetString(PercentEncoding.Encode(text)));
        Assert.Equal(text, PercentEncoding.Decode(Encoding.ASCII.GetBytes(encoded)));
    }

    [Fact]
    public void Special_status_message_of_the_interop_tests_survives()
    {
        const string message = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n";
        byte[] encoded = PercentEncoding.Encode(message);
        Assert.All(encoded, b => Assert.InRange(b, 0x20, 0x7E));
        Assert.Equal(message, PercentEncoding.Decode(encoded));
    }

    [Theory]
    [InlineData("%", "%")]
    [InlineData("%4", "%4")]
    [InlineData("a%zzb", "a%zzb")]
    [InlineData("%%41", "%A")]
    [InlineData("%c3%a9", "é")] // lower-case hex is accepted
    [InlineData("%FF", "\uFFFD")]
    public void Decoder_never_fails_and_leaves_broken_escapes(string encoded, string text) =>
        Assert.Equal(text, PercentEncoding.Decode(Encoding.ASCII.GetBytes(encoded)));

    [Fact]
    public void Any_bytes_at_all_are_decoded()
    {
        var random = new Random(3);
        byte[] bytes = new byte[40];
        for (int i = 0; i < 2000; i++)
        {
            random.NextBytes(bytes);
            bytes[random.Next(bytes.Length)] = (byte)'%';
            Assert.NotNull(PercentEncoding.Decode(bytes));
        }
    }

    [Fact]
    public void An_unpaired_surrogate_becomes_the_replacement_character() =>
        Assert.Equal("a\uFFFDb", PercentEncoding.Decode(PercentEncoding.Encode("a\ud83db")));

    [Fact]
    public void A_long_message_is_cut_between_characters_at_every_limit()
    {
        const string text = "ab ☺ %😈 c";
        for (int limit = 0; limit < 60; limit++)
        {
            byte[] encoded = PercentEncoding.Encode(text, limit);
            Assert.True(encoded.Length <= limit);
            string decoded = PercentEncoding.Decode(encoded);
            Assert.StartsWith(decoded, text, StringComparison.Ordinal);
            Assert.False(encoded.Length > 0 && encoded[^1] == ' ');
        }
    }
}
