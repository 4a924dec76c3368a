// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Peregrine.Protobuf.Compiler.Sources;
using Xunit;

namespace Peregrine.Protobuf.Compiler.Tests.Language;

public class HostileInputTests
{
    private const string Seed = """
        edition = "2023";
        package a.b; import "google/protobuf/descriptor.proto"; option java_package = "x\u00e9\x41\101";
        message M { reserved 5 to 7, 9; extensions 100 to max [verification = UNVERIFIED]; map<string, M> m = 1;
          oneof o { int32 i = 2 [default = -0x7f, json_name = "q"]; double d = 3 [default = 1e5]; } enum E { Z = 0; } }
        extend google.protobuf.MessageOptions { M opt = 50000; }
        message N { option (opt) = { i: 1 m { key: "k" value <d: .5> } [a.b.ext]: 3 }; /* c */ }
        extend M { int32 ext = 100; } service S { rpc R(stream M) returns (N) { option deprecated = true; } }
        """;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Mutated_source_never_throws(int seed)
    {
        Random random = new(seed);
        byte[] original = Encoding.UTF8.GetBytes(Seed);
        for (int round = 0; round < 300; round++)
        {
            List<byte> text = [.. original];
            for (int i = random.Next(1, 6); i > 0; i--)
            {
                int at = random.Next(text.Count);
                int length = Math.Min(random.Next(1, 12), text.Count - at);
                switch (random.Next(3))
                {
                    case 0:
                        text.RemoveRange(at, length);
                        break;
                    case 1:
                        text.InsertRange(random.Next(text.Count), text.GetRange(at, length));
                        break;
                    default:
                        text[at] = (byte)random.Next(256);
                        break;
                }
            }

            ImportResolver resolver = new();
            resolver.AddBytes("test.proto", [.. text]);
            CompilationResult result = new Compilation(resolver).Compile("test.proto");
            Assert.True(result.Success || result.Diagnostics.Count > 0);
            Assert.All(result.Roots, file => Assert.False(file.Serialized.IsEmpty));
        }
    }

    [Theory]
    [InlineData("message M {")]
    [InlineData("option (a) = {")]
    [InlineData("optional group G = 1 {")]
    [InlineData("/* ")]
    [InlineData("a.")]
    public void Endless_nesting_is_an_error_and_no_overflow(string open)
    {
        StringBuilder text = new("syntax = \"proto2\"; message A { ");
        text.Insert(text.Length, open, 20_000);
        Assert.False(AnnotatedText.Compile(text.ToString()).Success);
    }

    [Fact]
    public void Byte_order_mark_and_carriage_returns_are_accepted() =>
        Assert.Empty(AnnotatedText.Compile("\uFEFFsyntax = \"proto3\";\r\nmessage M {\r\n  int32 a = 1;\r\n}\r\n").Diagnostics);
}
