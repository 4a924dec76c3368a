// SPDX-License-Identifier: Apache-2.0

using Xunit;

namespace Peregrine.Cli.Tests;

/// <summary>What nobody in his right mind writes ends with a message and an exit code, too.</summary>
public sealed class HostileInputTests : IDisposable
{
    private readonly CommandLine _line = new();

    public HostileInputTests() => _line.Write("a.proto", "syntax = \"proto3\"; message A { int32 a = 1; }");

    public void Dispose() => _line.Dispose();

    [Theory]
    [InlineData("bogus\u001b[31m\nforged: error", "\"bogus\uFFFD[31m forged: error\" is no command")]
    [InlineData("compile", "\"--\uFFFD[31m forged\" is not an option of this command", "--\u001b[31m\nforged")]
    [InlineData("compile", "--plugin=protoc-gen-x= names no program", "--plugin=protoc-gen-x=")]
    [InlineData("compile", "--plugin= names no program", "--plugin=")]
    public void A_command_line_ends_with_code_2_and_a_line_that_is_no_other(string command, string message, params string[] args)
    {
        Assert.Equal(2, _line.Run([command, .. args]));
        Assert.Contains(message, _line.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', _line.Errors);
        Assert.DoesNotContain("\nforged", _line.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-I.\0")]
    [InlineData("--plugin=protoc-gen-x=/bin\0/x")]
    [InlineData("--x\0_out=out")]
    [InlineData("a\0.proto")]
    public void A_file_of_arguments_with_a_NUL_is_refused(string argument)
    {
        _line.Write("arguments", $"-I{_line.Folder}\n-o{_line["set"]}\n{argument}\na.proto\n");
        Assert.Equal(2, _line.Run("compile", "@" + _line["arguments"]));
        Assert.Contains("NUL character", _line.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_without_end_is_read_up_to_the_limit_only()
    {
        Assert.SkipUnless(File.Exists("/dev/zero"), "There is no such device.");
        Assert.Equal(2, _line.Run("compile", "@/dev/zero"));
        Assert.Contains("longer than 256 MiB", _line.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_plugin_says_keeps_its_lines_and_loses_its_control_characters()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The plugin is a shell script.");
        Assert.Equal(1, _line.Compile("--plugin=protoc-gen-test=" + Plugin("printf '\\012\\007a\\nb\\033[1m'"), "--test_out=" + _line["out"], "a.proto"));
        Assert.Contains("--test_out: a\nb\uFFFD[1m", _line.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_that_a_plugin_leaves_behind_is_not_waited_for()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The plugin is a shell script.");
        _line.Write("large.proto", "syntax = \"proto3\";\n" + string.Concat(Enumerable.Range(0, 20_000).Select(i => $"message Message{i} {{ string text = 1; }}\n")));

        // It holds the request's pipe open, reads nothing, and says when it ends: by then the compiler must have ended.
        var plugin = Plugin($"exec 5<&0; (sleep 20 <&5; echo >'{_line["ended"]}') >/dev/null 2>&1 & exit 0");
        Assert.Equal(0, _line.Compile("--plugin=protoc-gen-test=" + plugin, "--test_out=" + _line["out"], "large.proto"));
        Assert.False(File.Exists(_line["ended"]));
    }

    [Fact]
    public void A_name_that_leads_out_of_PATH_is_no_plugin()
    {
        Assert.Equal(1, _line.Compile("--../../../../../../../bin/true_out=" + _line["out"], "a.proto"));
        Assert.Contains("was not found in PATH", _line.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-o")]
    [InlineData("--dependency_out=")]
    [InlineData("--edition_defaults_out=")]
    public void A_full_disk_is_told_with_the_name_of_the_file(string option)
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "There is no such device.");
        Assert.Equal(1, _line.Compile(option + "/dev/full", "--csharp_out=" + _line["out"], "--csharp_opt=services=none", "a.proto", "google/protobuf/descriptor.proto"));
        Assert.Contains("peregrine: The file \"/dev/full\" cannot be written: ", _line.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--csharp_out=", "The folder \"")]
    [InlineData("--csharp_out=a/b/", "The folder \"")]
    public void A_file_where_a_folder_is_needed_is_told(string option, string message)
    {
        _line.Write("file", "");
        Assert.Equal(1, _line.Compile(option.Replace("a/b/", _line["file/"], StringComparison.Ordinal) + (option.EndsWith('=') ? _line["file"] : "b"), "a.proto"));
        Assert.Contains("peregrine: " + message, _line.Errors, StringComparison.Ordinal);
        Assert.Contains("cannot be made", _line.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_cannot_take_its_place_leaves_nothing_behind()
    {
        Directory.CreateDirectory(_line["out/A.cs"]);
        Assert.Equal(1, _line.Compile("--csharp_out=" + _line["out"], "a.proto"));
        Assert.Empty(_line.Files("out"));
        Assert.DoesNotContain("Parameter", _line.Errors, StringComparison.Ordinal);
    }

    private string Plugin(string script)
    {
        _line.Write("plugin", "#!/bin/sh\n" + script + "\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_line["plugin"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return _line["plugin"];
    }
}
