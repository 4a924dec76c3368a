// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Peregrine.Protobuf.Reflection;
using Peregrine.Protobuf.Tests.Messages;
using Peregrine.Protobuf.Text;
using Peregrine.Protobuf.WellKnownTypes;
using Xunit;

namespace Peregrine.Protobuf.Tests.Text;

/// <summary>Text that was changed at random gives a message or the documented exceptions, and what is read can be written and read again.</summary>
public sealed class TextMutationTests
{
    private const int Rounds = 20_000;

    private static readonly string[] Seeds =
    [
        new TextFormatter(TextFormatter.Settings.Default).Format(Samples.Full()),
        "id: -0x1F ratio: 1.5e3f name: 'a\\n\\x41\\u00e4\\377' 'b' color: COLOR_RED level: 2 required: 1",
        "child { child < named { key: 1 value { } } > } numbers: [1, -2] children: [{ id: 1 }, < >]; [peregrine.tests.weight]: 3, # c\n",
        "counts { key: 'k' value: 2 } wrapped { value: 3 } Point { x: 1 } ratio: -inf ratio: nan",
        "unknown: [1, 'a', { b: { c: -1 } }] [some.extension] { } 7: 0.5 data: '\\ud83d\\ude00'",
    ];

    private static readonly string[] Pieces =
    [
        "{", "}", "<", ">", "[", "]", ":", ",", ";", "\"", "'", "\\", "#", "\n", "\t", "\0", "-", ".", "0", "0x", "e", "f", "inf", "\u00e4", "\uFFFF",
        "[type.googleapis.com/google.protobuf.Duration] { seconds: 1 }", "\\u", "\\U0010FFFF", "99999999999999999999", "child {", "]]", "key:", "true",
    ];

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void Changed_text_never_gives_another_exception_than_the_documented_ones(bool ignoreUnknown, bool followProtoc)
    {
        TypeRegistry types = TypeRegistry.FromMessages(Duration.Descriptor, Sample.Descriptor);
        TextParser parser = new(TextParser.Settings.Default
            .WithAllowPartial(true).WithIgnoreUnknownFields(ignoreUnknown).WithFollowProtoc(followProtoc).WithTypeRegistry(types));
        TextFormatter formatter = new(TextFormatter.Settings.Default.WithTypeRegistry(types));
        Random random = new(ignoreUnknown ? 17 : 4);
        int read = 0;
        for (int round = 0; round < Rounds; round++)
        {
            byte[] text = Mutate(random, Encoding.UTF8.GetBytes(Seeds[random.Next(Seeds.Length)]));
            try
            {
                Sample sample = parser.Parse<Sample>(text);
                string written = formatter.Format(sample);
                Assert.Equal(written, formatter.Format(parser.Parse<Sample>(written)));
                read++;
            }
            catch (InvalidTextFormatException e)
            {
                Assert.True(e.Line > 0 && e.Column > 0 && e.Reason.Length > 0);
            }
        }

        Assert.InRange(read, 1, Rounds - 1);
    }

    private static byte[] Mutate(Random random, byte[] text)
    {
        List<byte> bytes = [.. text];
        for (int change = random.Next(1, 4); change > 0; change--)
        {
            int at = random.Next(bytes.Count + 1);
            int length = Math.Min(random.Next(1, 12), bytes.Count - at);
            switch (random.Next(4))
            {
                case 0:
                    bytes.RemoveRange(at, length);
                    break;
                case 1:
                    bytes.InsertRange(random.Next(bytes.Count + 1), bytes.GetRange(at, length));
                    break;
                case 2:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(Pieces[random.Next(Pieces.Length)]));
                    break;
                default:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
            }
        }

        return [.. bytes];
    }
}
