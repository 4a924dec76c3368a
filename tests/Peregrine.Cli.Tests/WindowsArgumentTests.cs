// SPDX-License-Identifier: Apache-2.0

using Xunit;

namespace Peregrine.Cli.Tests;

/// <summary>How the command line is read on Windows and elsewhere, decided on any system; protoc reads it so.</summary>
public class WindowsArgumentTests
{
    [Theory]
    [InlineData("C:/out", true, "", "C:/out")]
    [InlineData("C:\\out", true, "", "C:\\out")]
    [InlineData("opt=1:C:\\out", true, "opt=1", "C:\\out")]
    [InlineData("opt:out", true, "opt", "out")]
    [InlineData("C:out", true, "C", "out")]
    [InlineData("a:/out", false, "a", "/out")]
    [InlineData("opt:/out:2", false, "opt", "/out:2")]
    public void An_output_has_a_parameter_or_a_drive_in_front_of_its_colon(string value, bool windows, string parameter, string location)
    {
        var output = Assert.Single(CompileArguments.Parse(["--x_out=" + value, "a.proto"], windows, out var errors, out _).Outputs);
        Assert.Empty(errors);
        Assert.Equal((parameter, location), (output.Parameter, output.Location));
    }

    [Theory]
    [InlineData("C:/a;D:\\b\\c", true, "C:/a", "D:/b/c")]
    [InlineData("\\\\host\\share\\x", true, "\\\\host/share/x")]
    [InlineData(".\\a\\.\\b\\", true, "a/b/")]
    [InlineData("a:/b", false, "a", "/b")]
    [InlineData("a\\b", false, "a\\b")]
    public void Directories_are_parted_and_spelled_as_the_system_does_it(string value, bool windows, params string[] directories)
    {
        var settings = CompileArguments.Parse(["-I" + value, "-oset", "a.proto"], windows, out _, out _);
        Assert.Equal(directories, settings.ProtoPaths.Select(path => path.Directory));
    }

    [Fact]
    public void A_plugin_named_by_its_program_has_its_name_without_folder_and_ending()
    {
        var settings = CompileArguments.Parse(["--plugin=C:\\tools\\protoc-gen-x.exe", "--x_out=out", "a.proto"], windows: true, out _, out _);
        Assert.Equal("C:\\tools\\protoc-gen-x.exe", settings.Plugins["protoc-gen-x"]);
        settings = CompileArguments.Parse(["--plugin=/tools/protoc-gen-x", "--x_out=out", "a.proto"], windows: false, out _, out _);
        Assert.Equal("/tools/protoc-gen-x", settings.Plugins["protoc-gen-x"]);
    }

    [Fact]
    public void Descriptor_sets_are_parted_as_directories_are()
    {
        var settings = CompileArguments.Parse(["--descriptor_set_in=C:\\a.pb;b.pb", "-oset", "a.proto"], windows: true, out _, out _);
        Assert.Equal(["C:\\a.pb", "b.pb"], settings.DescriptorSetsIn);
    }
}
