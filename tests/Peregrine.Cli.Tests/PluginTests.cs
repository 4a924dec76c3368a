// SPDX-License-Identifier: Apache-2.0

using Xunit;

namespace Peregrine.Cli.Tests;

/// <summary>Plugins are shell scripts here; eng/plugins.sh runs real ones, and compares with protoc.</summary>
public sealed class PluginTests : IDisposable
{
    private readonly CommandLine _line = new();

    public PluginTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The plugins of this test are shell scripts.");
        _line.Write("a.proto", "syntax = \"proto3\"; message A { int32 a = 1; }");
    }

    public void Dispose() => _line.Dispose();

    [Fact]
    public void A_plugin_gets_the_request_and_its_files_are_written()
    {
        // The response: file (15) with name (1) "x.txt" and content (15) "hello".
        var plugin = Plugin($"cat > '{_line["request"]}'; printf '\\172\\016\\012\\005x.txt\\172\\005hello'");
        Assert.Equal(0, _line.Compile("--plugin=protoc-gen-test=" + plugin, "--test_out=first:" + _line["out"], "--test_opt=second", "--test_opt=third", "a.proto"));
        Assert.Equal("hello", _line.Read("out/x.txt"));
        Assert.Contains("first,second,third", _line.Read("request"), StringComparison.Ordinal);
        Assert.Empty(_line.Errors);
    }

    [Fact]
    public void A_plugin_may_be_named_by_its_file()
    {
        var plugin = Plugin("exit 0", "protoc-gen-byname");
        Assert.Equal(0, _line.Compile("--plugin=" + plugin, "--byname_out=" + _line["out"], "a.proto"));
    }

    [Fact]
    public void A_plugin_can_leave_a_large_request_unread()
    {
        _line.Write("large.proto", "syntax = \"proto3\";\n" + string.Concat(Enumerable.Range(0, 20_000).Select(i => $"message Message{i} {{ string text = 1; }}\n")));
        Assert.Equal(0, _line.Compile("--plugin=protoc-gen-test=" + Plugin("exit 0"), "--test_out=" + _line["out"], "large.proto"));
    }

    [Fact]
    public void A_plugin_can_answer_before_it_has_read_everything()
    {
        _line.Write("large.proto", "syntax = \"proto3\";\n" + string.Concat(Enumerable.Range(0, 20_000).Select(i => $"message Message{i} {{ string text = 1; }}\n")));

        // An unknown field of a million bytes, then the request: neither side may wait for the other.
        var plugin = Plugin("printf '\\242\\006\\300\\204\\075'; head -c 1000000 /dev/zero; cat >/dev/null");
        Assert.Equal(0, _line.Compile("--plugin=protoc-gen-test=" + plugin, "--test_out=" + _line["out"], "large.proto"));
    }

    [Theory]
    [InlineData("exit 3", "failed with exit code 3")]
    [InlineData("kill -9 $$", "killed by signal 9")]
    [InlineData("echo this is no response", "is no CodeGeneratorResponse")]
    [InlineData("printf '\\012\\005wrong'", "--test_out: wrong")]
    [InlineData("printf '\\172\\007\\172\\005hello'", "has no name")]
    [InlineData("printf '\\172\\010\\012\\006/x.txt'", "absolute path")]
    [InlineData("printf '\\172\\012\\012\\010../x.txt'", "leads out of the folder")]
    [InlineData("printf '\\172\\011\\012\\007C:x.txt'", "letter of a drive")]
    [InlineData("printf '\\172\\011\\012\\007a\\134x.txt'", "backslash")]
    [InlineData("printf '\\172\\004\\012\\002x\\000'", "NUL")]
    [InlineData("printf '\\172\\003\\012\\001x\\172\\003\\012\\001x'", "generated twice")]
    [InlineData("printf '\\172\\006\\012\\001x\\022\\001p'", "has not been generated")]
    [InlineData("printf '\\172\\003\\012\\001x\\172\\006\\012\\001x\\022\\001p'", "no insertion point")]
    public void What_a_plugin_does_wrong_is_told_and_nothing_is_written(string script, string message)
    {
        Assert.Equal(1, _line.Compile("--plugin=protoc-gen-test=" + Plugin(script), "--csharp_out=" + _line["out"], "--test_out=" + _line["out"], "a.proto"));
        Assert.Contains(message, _line.Errors, StringComparison.Ordinal);
        Assert.StartsWith("peregrine: --test_out: ", _line.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", _line.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_line["out"]));
    }

    [Fact]
    public void A_plugin_that_is_not_there_is_named_with_what_to_do()
    {
        Assert.Equal(1, _line.Compile("--no_such_plugin_out=" + _line["out"], "a.proto"));
        Assert.Contains("protoc-gen-no_such_plugin was not found in PATH", _line.Errors, StringComparison.Ordinal);
        Assert.Equal(1, _line.Compile("--plugin=protoc-gen-test=" + _line["missing"], "--test_out=" + _line["out"], "a.proto"));
        Assert.Contains("could not be started", _line.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plugin_that_does_not_know_a_feature_is_refused()
    {
        _line.Write("optional.proto", "syntax = \"proto3\"; message A { optional int32 a = 1; }");
        _line.Write("edition.proto", "edition = \"2023\"; message A { int32 a = 1; }");
        var plugin = Plugin("exit 0");
        Assert.Equal(1, _line.Compile("--plugin=protoc-gen-test=" + plugin, "--test_out=" + _line["out"], "optional.proto"));
        Assert.Contains("hasn't been updated to support optional fields in proto3", _line.Errors, StringComparison.Ordinal);
        Assert.Equal(1, _line.Compile("--plugin=protoc-gen-test=" + plugin, "--test_out=" + _line["out"], "edition.proto"));
        Assert.Contains("hasn't been updated to support editions yet", _line.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_plugins_share_an_output_folder_and_one_inserts_into_the_files_of_the_other()
    {
        // File "x" with an insertion point on a line that is indented; then an insertion of two lines.
        var first = Plugin("printf '\\172\\052\\012\\001x\\172\\045  // @@protoc_insertion_point(p)\\nend\\n'", "first");
        var second = Plugin("printf '\\172\\013\\012\\001x\\022\\001p\\172\\003a\\nb'", "second");
        Assert.Equal(0, _line.Compile("--plugin=protoc-gen-one=" + first, "--plugin=protoc-gen-two=" + second,
            "--one_out=" + _line["out"], "--two_out=" + _line["out/"], "a.proto"));
        Assert.Equal("  a\n  b\n  // @@protoc_insertion_point(p)\nend\n", _line.Read("out/x"));
    }

    [Fact]
    public void A_symbolic_link_that_leads_out_of_the_output_folder_is_not_followed()
    {
        Directory.CreateDirectory(_line["out"]);
        Directory.CreateDirectory(_line["secret"]);
        File.CreateSymbolicLink(_line["out/link"], _line["secret"]);
        var plugin = Plugin("printf '\\172\\016\\012\\006link/x\\172\\004evil'");
        Assert.Equal(1, _line.Compile("--plugin=protoc-gen-test=" + plugin, "--test_out=" + _line["out"], "a.proto"));
        Assert.Contains("symbolic link", _line.Errors, StringComparison.Ordinal);
        Assert.Empty(_line.Files("secret"));
    }

    private string Plugin(string script, string name = "plugin")
    {
        _line.Write(name, "#!/bin/sh\n" + script + "\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_line[name], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return _line[name];
    }
}
