// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Compiler.Output;
using Peregrine.Protobuf.Compiler.Plugin;
using Xunit;

namespace Peregrine.Protobuf.Compiler.Tests.Output;

/// <summary>What holds on Windows only, decided on any system.</summary>
public class WindowsNameTests
{
    [Theory]
    [InlineData("CON", "the device CON")]
    [InlineData("a/nul.cs", "the device NUL")]
    [InlineData("aux.tar.gz", "the device AUX")]
    [InlineData("Com1.cs", "the device COM1")]
    [InlineData("lpt\u00B2", "the device LPT\u00B2")]
    [InlineData("con .cs", "the device CON")]
    [InlineData("a./b", "ends with a dot")]
    [InlineData("a/b ", "ends with a dot or a blank")]
    [InlineData("a/b:stream", "colon")]
    [InlineData("a?.cs", "a character")]
    [InlineData("a\tb", "a character")]
    public void A_name_that_Windows_takes_for_another_thing_is_refused_there(string name, string problem)
    {
        Assert.Contains(problem, Assert.Throws<ArgumentException>(() => OutputName.Normalize(name, windows: true)).Message, StringComparison.Ordinal);
        Assert.Equal(name, OutputName.Normalize(name, windows: false));
    }

    [Theory]
    [InlineData("Console.cs")]
    [InlineData("com/Com10.cs")]
    [InlineData(".hidden/a b.cs")]
    [InlineData("COM.cs")]
    public void Others_are_taken(string name) => Assert.Equal(name, OutputName.Normalize(name, windows: true));

    [Fact]
    public void A_plugin_is_looked_for_with_the_endings_of_programs_that_need_no_interpreter()
    {
        string[] found = [.. PluginPath.Candidates("protoc-gen-grpc.web", "C:\\bin;;\"D:\\my tools\"", windows: true).Select(path => path.Replace('/', '\\'))];
        Assert.Equal(
            ["C:\\bin", "D:\\my tools"],
            found.Select(path => path[..path.LastIndexOf('\\')]).Distinct());
        Assert.Equal(
            [".com", ".exe", ".bat", ".cmd"],
            found.Take(4).Select(path => path["C:\\bin\\protoc-gen-grpc.web".Length..]));
        Assert.Equal("protoc-gen-x.CMD", Path.GetFileName(Assert.Single(PluginPath.Candidates("protoc-gen-x.CMD", "bin", windows: true))));
        Assert.Empty(PluginPath.Candidates("C:x", "bin", windows: true));
        Assert.Equal("bin;two/protoc-gen-x", Assert.Single(PluginPath.Candidates("protoc-gen-x", "bin;two", windows: false)).Replace('\\', '/'));
    }
}
