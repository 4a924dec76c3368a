// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Peregrine.Protobuf.Compiler.Output;
using Xunit;

namespace Peregrine.Protobuf.Compiler.Tests.Output;

public class OutputTreeTests
{
    [Theory]
    [InlineData("a\n  @@protoc_insertion_point(p)\nb\n", "x", "a\n  x\n  @@protoc_insertion_point(p)\nb\n")]
    [InlineData("a\n\t// @@protoc_insertion_point(p)\n", "x\ny\n", "a\n\tx\n\ty\n\t// @@protoc_insertion_point(p)\n")]
    [InlineData("@@protoc_insertion_point(p)", "x", "x\n@@protoc_insertion_point(p)")]
    [InlineData("f(/* @@protoc_insertion_point(p) */)", "x", "f(x\n/* @@protoc_insertion_point(p) */)")]
    [InlineData("a\n@@protoc_insertion_point(p)\n", "", "a\n@@protoc_insertion_point(p)\n")]
    [InlineData("  @@protoc_insertion_point(p)\n@@protoc_insertion_point(p)\n", "x\n\ny", "  x\n  \n  y\n  @@protoc_insertion_point(p)\n@@protoc_insertion_point(p)\n")]
    public void Text_is_inserted_above_the_line_of_the_point_and_indented_like_it(string file, string text, string expected)
    {
        OutputTree tree = new();
        tree.Add("f", Encoding.UTF8.GetBytes(file));
        tree.Insert("f", "p", Encoding.UTF8.GetBytes(text));
        Assert.Equal(expected, Encoding.UTF8.GetString(tree.Files["f"]));
    }

    [Fact]
    public void What_is_inserted_later_stands_behind_what_was_inserted_before()
    {
        OutputTree tree = new();
        tree.Add("f", "@@protoc_insertion_point(p)"u8.ToArray());
        tree.Insert("f", "p", "one"u8);
        tree.Insert("./f", "p", "two"u8);
        Assert.Equal("one\ntwo\n@@protoc_insertion_point(p)", Encoding.UTF8.GetString(tree.Files["f"]));
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("/etc/passwd", "absolute path")]
    [InlineData("//host/share", "absolute path")]
    [InlineData("a/../../b", "leads out")]
    [InlineData("..", "leads out")]
    [InlineData("a/..", "leads out")]
    [InlineData("C:/x", "drive")]
    [InlineData("c:x", "drive")]
    [InlineData("a\\..\\..\\b", "backslash")]
    [InlineData("\\\\host\\share", "backslash")]
    [InlineData("a\0b", "NUL")]
    [InlineData("a/", "names no file")]
    [InlineData("./.", "names no file")]
    public void A_name_that_leads_out_of_the_folder_is_refused(string name, string problem)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => new OutputTree().Add(name, []));
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new OutputDirectory(Path.GetTempPath()).Write(name, default));
    }

    [Theory]
    [InlineData("a..b/c...d", "a..b/c...d")]
    [InlineData("./a//b/./c", "a/b/c")]
    public void Other_names_are_taken_in_their_one_spelling(string name, string spelling)
    {
        OutputTree tree = new();
        tree.Add(name, []);
        Assert.Equal([spelling], tree.Files.Keys);
        Assert.Throws<ArgumentException>(() => tree.Add(spelling, []));
    }
}
