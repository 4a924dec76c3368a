// SPDX-License-Identifier: Apache-2.0
using Xunit;

namespace Peregrine.Protobuf.Compiler.Tests.Language;

/// <summary>Names in quotes may hold bytes that are not UTF-8, by escapes: the descriptor keeps them, and they stay different names.</summary>
public class ByteNameTests
{
    [Theory]
    [InlineData(@"\xff", new byte[] { 0xFF })]
    [InlineData(@"\xed\xb2\x80", new byte[] { 0xED, 0xB2, 0x80 })]
    [InlineData(@"a\xf0\x9f\x98z", new byte[] { (byte)'a', 0xF0, 0x9F, 0x98, (byte)'z' })]
    [InlineData(@"\ud83d", new byte[] { 0xED, 0xA0, 0xBD })]
    [InlineData(@"\U0001F600\x80", new byte[] { 0xF0, 0x9F, 0x98, 0x80, 0x80 })]
    public void Json_names_and_reserved_names_keep_their_bytes(string escaped, byte[] expected)
    {
        byte[] file = Serialize($"message M {{ string a = 1 [json_name = \"{escaped}\"]; reserved \"{escaped}\"; }}");

        Assert.Equal(2, Count(file, expected));
    }

    [Fact]
    public void Json_names_that_differ_in_such_a_byte_do_not_clash()
    {
        Assert.True(AnnotatedText.Compile(Text(@"\xff", @"\xfe")).Success);
        Assert.False(AnnotatedText.Compile(Text(@"\xff", @"\377")).Success);

        static string Text(string one, string two) => $"syntax = \"proto3\"; message M {{ string a = 1 [json_name = \"{one}\"]; string b = 2 [json_name = \"{two}\"]; }}";
    }

    [Fact]
    public void An_import_of_such_a_path_is_reported_as_missing() =>
        AnnotatedText.AssertFirstError("syntax = \"proto3\"; «import \"a\\xff.proto\";", "PRG1201");

    private static byte[] Serialize(string text)
    {
        CompilationResult result = AnnotatedText.Compile("syntax = \"proto3\"; " + text);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        return Assert.Single(result.Roots).Serialized.ToArray();
    }

    // How often the bytes stand in the file as a whole string, with their length before them.
    private static int Count(byte[] file, byte[] expected)
    {
        byte[] field = [(byte)expected.Length, .. expected];
        int count = 0;
        for (int i = 0; i + field.Length <= file.Length; i++)
        {
            count += file.AsSpan(i, field.Length).SequenceEqual(field) ? 1 : 0;
        }

        return count;
    }
}
