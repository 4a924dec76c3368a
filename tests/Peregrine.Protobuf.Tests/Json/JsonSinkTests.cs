// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Peregrine.Protobuf.Tests.Messages;
using Xunit;

namespace Peregrine.Protobuf.Tests.Json;

/// <summary>Strings of messages are written by code of our own, other output by a <see cref="Utf8JsonWriter"/>: both are the same to the byte.</summary>
public sealed class JsonSinkTests
{
    private const int Longest = 40;

    [Fact]
    public void Every_character_is_escaped_the_same_way()
    {
        for (int c = 0; c <= char.MaxValue; c++)
        {
            if (!char.IsSurrogate((char)c))
            {
                // As short text and in the middle of longer text, as a value and as a name.
                string text = ((char)c).ToString();
                AssertAgreement(new Sample { Name = text, Text = $"peregrine{text}falcon", Counts = { [text] = c } });
            }
        }
    }

    [Theory]
    [InlineData("\"")]
    [InlineData("\\")]
    [InlineData("\u001F")]
    [InlineData("\u007F")]
    [InlineData("é")]
    [InlineData("\u2028")]
    [InlineData("🦅")]
    public void A_character_that_is_not_plain_is_found_at_every_place(string special)
    {
        for (int length = 0; length <= Longest; length++)
        {
            for (int at = 0; at <= length; at++)
            {
                string text = string.Concat(new string('a', at), special, new string('b', length - at));
                AssertAgreement(new Sample { Name = text, Counts = { [text] = 1 } });
            }
        }
    }

    [Fact]
    public void Plain_text_of_every_length_is_written_as_it_is()
    {
        for (int length = 0; length <= 2 * Longest; length++)
        {
            string text = string.Create(length, 0, static (text, _) =>
            {
                for (int i = 0; i < text.Length; i++)
                {
                    text[i] = (char)('a' + (i % 26));
                }
            });
            Assert.Equal($$"""{"text":"{{text}}"}""", JsonFormatter.Default.Format(new Sample { Text = text }));
        }
    }

    [Fact]
    public void Empty_and_nested_values_are_parted_by_commas_the_same_way()
    {
        JsonFormatter formatter = new(JsonFormatter.Settings.Default.WithFormatDefaultValues(true));
        Sample full = new()
        {
            Numbers = { 1, -2 },
            Words = { "", "," },
            Levels = { Level.Low, Level.High },
            Counts = { [""] = 0, [","] = 1 },
            Named = { [-1] = new Sample(), [2] = new Sample { Child = new Sample(), Points = { new Sample.Types.Point() } } },
            Children = { new Sample(), new Sample { Data = ByteString.CopyFrom(255, 254, 253, 251) } },
            Color = (Color)9,
            Wrapped = -5,
        };
        foreach (Sample message in new[] { new Sample(), full })
        {
            AssertAgreement(message, formatter);
            AssertAgreement(message);
        }
    }

    [Fact]
    public void A_text_that_outgrows_its_memory_is_whole_and_the_next_one_too()
    {
        Sample large = new() { Loose = { Enumerable.Range(0, 5_000).Select(i => (ulong)i * 1_000_003) }, Text = new string('x', 10_000) };
        large.Words.Add(Enumerable.Range(0, 3_000).Select(i => new string('é', i % 7)));
        AssertAgreement(large);
        AssertAgreement(new Sample { Id = 1 });
        AssertAgreement(large);
    }

    [Fact]
    public void A_message_that_was_refused_leaves_nothing_to_the_next_one()
    {
        Assert.Throws<InvalidOperationException>(() => JsonFormatter.Default.Format(new Sample { Id = 1, Child = new Sample { Name = "\uD800" } }));
        Assert.Equal("""{"id":2}""", JsonFormatter.Default.Format(new Sample { Id = 2 }));
    }

    [Theory]
    [InlineData("\uD800")]
    [InlineData("a\uDC00b")]
    [InlineData("\uD83E\uD83E\uDD85")]
    public void Diagnostic_text_has_unpaired_surrogates_replaced_as_the_framework_does(string text)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("name", text);
            writer.WriteStartObject("counts");
            writer.WriteNumber(text, 1);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        Assert.Equal(
            Encoding.UTF8.GetString(buffer.WrittenSpan),
            JsonFormatter.ToDiagnosticString(new Sample { Name = text, Counts = { [text] = 1 } }));
    }

    private static void AssertAgreement(Sample message) => AssertAgreement(message, JsonFormatter.Default);

    private static void AssertAgreement(Sample message, JsonFormatter formatter)
    {
        ArrayBufferWriter<byte> buffer = new();
        formatter.Format(message, buffer);
        Assert.Equal(Encoding.UTF8.GetString(buffer.WrittenSpan), formatter.Format(message));
    }
}
