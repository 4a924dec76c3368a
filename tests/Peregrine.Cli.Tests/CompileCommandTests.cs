// SPDX-License-Identifier: Apache-2.0

using System.Text.Json;
using Peregrine.Protobuf.Reflection;
using Xunit;

namespace Peregrine.Cli.Tests;

public sealed class CompileCommandTests : IDisposable
{
    private const string Hello = """
        syntax = "proto3";
        package greet;
        import "parts/name.proto";
        // Says hello.
        service Greeter { rpc Greet(Name) returns (Name); }
        """;

    private const string Name = """
        syntax = "proto3";
        package greet;
        // A name.
        message Name { string text = 1; }
        """;

    private readonly CommandLine _line = new();

    public CompileCommandTests()
    {
        _line.Write("hello.proto", Hello);
        _line.Write("parts/name.proto", Name);
    }

    public void Dispose() => _line.Dispose();

    [Fact]
    public void Several_files_are_written_into_one_folder_that_is_made()
    {
        Assert.Equal(0, _line.Compile("--csharp_out=" + _line["new/out"], "hello.proto", "parts/name.proto"));
        Assert.Equal(["Hello.cs", "HelloGrpc.cs", "Name.cs"], _line.Files("new/out"));
        Assert.Empty(_line.Errors);
        Assert.Empty(_line.Output);
    }

    [Fact]
    public void A_file_may_be_named_by_its_path_on_disk()
    {
        Assert.Equal(0, _line.Compile("--csharp_out", _line["out"], _line["parts/name.proto"]));
        Assert.Equal(["Name.cs"], _line.Files("out"));
    }

    [Fact]
    public void Options_come_by_flag_or_before_the_folder()
    {
        Assert.Equal(0, _line.Compile("--csharp_out=services=none,file_extension=.g.cs:" + _line["a"], "hello.proto"));
        Assert.Equal(["Hello.g.cs"], _line.Files("a"));
        Assert.Equal(0, _line.Compile("--csharp_out=" + _line["b"], "--csharp_opt=base_namespace=", "--csharp_opt=internal_access", "parts/name.proto"));
        Assert.Equal(["Greet/Name.cs"], _line.Files("b"));
        Assert.Contains("internal sealed partial class Name", _line.Read("b/Greet/Name.cs"), StringComparison.Ordinal);
    }

    [Fact]
    public void Services_go_to_their_own_folder_when_one_is_given()
    {
        Assert.Equal(0, _line.Compile("--csharp_out=" + _line["a"], "--grpc_out=no_server:" + _line["b"], "hello.proto"));
        Assert.Equal(["Hello.cs"], _line.Files("a"));
        Assert.Equal(["HelloGrpc.cs"], _line.Files("b"));
        Assert.Contains("class GreeterClient", _line.Read("b/HelloGrpc.cs"), StringComparison.Ordinal);
        Assert.DoesNotContain("class GreeterBase", _line.Read("b/HelloGrpc.cs"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_run_leaves_unchanged_files_alone()
    {
        Assert.Equal(0, _line.Compile("--csharp_out=" + _line["out"], "parts/name.proto"));
        var old = new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(_line["out/Name.cs"], old);
        Assert.Equal(0, _line.Compile("--csharp_out=" + _line["out"], "parts/name.proto"));
        Assert.Equal(old, File.GetLastWriteTimeUtc(_line["out/Name.cs"]));
    }

    [Fact]
    public void A_descriptor_set_holds_what_is_asked_for()
    {
        Assert.Equal(0, _line.Compile("-o" + _line["one.pb"], "hello.proto"));
        var file = Assert.Single(Set("one.pb").File);
        Assert.Equal("hello.proto", file.Name);
        Assert.Null(file.SourceCodeInfo);
        Assert.Equal(0, _line.Compile("--descriptor_set_out", _line["all.pb"], "--include_imports", "--include_source_info", "hello.proto"));
        var all = Set("all.pb");
        Assert.Equal(["parts/name.proto", "hello.proto"], all.File.Select(each => each.Name));
        Assert.Contains(all.File[0].SourceCodeInfo!.Location, location => location.LeadingComments == " A name.\n");
    }

    [Fact]
    public void The_make_rule_names_outputs_and_inputs()
    {
        Assert.Equal(0, _line.Compile("--csharp_out=" + _line["out"], "--dependency_out=" + _line["deps.d"], "hello.proto"));
        var rule = _line.Read("deps.d").Replace("\\\n", "", StringComparison.Ordinal);
        var sides = rule.Split(": ");
        Assert.Contains("HelloGrpc.cs", sides[0], StringComparison.Ordinal);
        Assert.Contains("hello.proto", sides[1], StringComparison.Ordinal);
        Assert.Contains("name.proto", sides[1], StringComparison.Ordinal);
        Assert.Contains("peregrine\\ cli\\ ", sides[0], StringComparison.Ordinal); // blanks are escaped for make
    }

    [Fact]
    public void Every_error_of_the_files_is_shown_and_nothing_is_written()
    {
        _line.Write("bad.proto", "syntax = \"proto3\";\nmessage M {\n  strin a = 1;\n  int32 b = 0;\n}\n");
        Assert.Equal(1, _line.Compile("--csharp_out=" + _line["out"], "bad.proto", "hello.proto"));
        Assert.Contains("bad.proto:3:3: ", _line.Errors, StringComparison.Ordinal);
        Assert.Contains("bad.proto:4:", _line.Errors, StringComparison.Ordinal);
        Assert.Contains("  strin a = 1;", _line.Errors, StringComparison.Ordinal);
        Assert.Contains("^", _line.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", _line.Errors, StringComparison.Ordinal); // no colours outside a terminal
        Assert.False(Directory.Exists(_line["out"]));
    }

    [Theory]
    [InlineData("gcc", @"^bad\.proto:3:3: .*strin")]
    [InlineData("msvs", @"bad\.proto\(3,3\) ?: error PRG\d+: ")]
    [InlineData("text", @"^bad\.proto:3:3: ")]
    public void Errors_have_the_form_that_is_asked_for(string format, string pattern)
    {
        _line.Write("bad.proto", "syntax = \"proto3\";\nmessage M {\n  strin a = 1;\n}\n");
        Assert.Equal(1, _line.Compile("--error_format=" + format, "--csharp_out=" + _line["out"], "bad.proto"));
        Assert.Matches(pattern, _line.Errors);
    }

    [Fact]
    public void Errors_as_json_are_one_object_a_line()
    {
        _line.Write("bad.proto", "syntax = \"proto3\";\nmessage M {\n  strin a = 1;\n}\n");
        Assert.Equal(1, _line.Compile("--error_format=json", "--csharp_out=" + _line["out"], "bad.proto"));
        foreach (var text in _line.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var error = JsonDocument.Parse(text);
            Assert.Equal(JsonValueKind.Object, error.RootElement.ValueKind);
        }
    }

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        Assert.Equal(1, _line.Compile("--csharp_out=" + _line["out"], "missing.proto"));
        Assert.Contains("missing.proto", _line.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Warnings_fail_the_command_only_when_asked_to()
    {
        _line.Write("warn.proto", "syntax = \"proto3\";\nimport \"parts/name.proto\";\nmessage M {}\n");
        Assert.Equal(0, _line.Compile("--csharp_out=" + _line["out"], "warn.proto"));
        Assert.Contains("warning", _line.Errors, StringComparison.Ordinal);
        Assert.Equal(1, _line.Compile("--fatal_warnings", "--csharp_out=" + _line["out"], "warn.proto"));
    }

    [Theory]
    [InlineData("file_extension=/../../escaped.cs")]
    [InlineData("file_extension=/../escaped.cs")]
    public void An_output_that_leads_out_of_the_folder_is_refused(string option)
    {
        Assert.Equal(1, _line.Compile("--csharp_out=" + _line["out"], "--csharp_opt=" + option, "parts/name.proto"));
        Assert.Contains("leads out of the folder", _line.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(_line.Files("."), name => name.EndsWith(".cs", StringComparison.Ordinal));
    }

    [Fact]
    public void Two_files_with_one_output_are_refused_by_name()
    {
        _line.Write("other/name.proto", "syntax = \"proto3\"; package other;");
        Assert.Equal(1, _line.Compile("--csharp_out=" + _line["out"], "parts/name.proto", "other/name.proto"));
        Assert.Contains("parts/name.proto", _line.Errors, StringComparison.Ordinal);
        Assert.Contains("other/name.proto", _line.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void An_output_that_cannot_be_written_is_an_error_without_a_stack()
    {
        _line.Write("taken", "a file where the folder should be");
        Assert.Equal(1, _line.Compile("--csharp_out=" + _line["taken/out"], "parts/name.proto"));
        Assert.StartsWith("peregrine: ", _line.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", _line.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Arguments_come_from_a_file_one_per_line()
    {
        _line.Write("args.txt", $"-I{_line.Folder}\n--csharp_out={_line["blank in name"]}\n\nparts/name.proto\n");
        Assert.Equal(0, _line.Run("compile", "@" + _line["args.txt"]));
        Assert.Equal(["Name.cs"], _line.Files("blank in name"));
    }

    [Theory]
    [InlineData("There is nothing to compile", "compile", "--csharp_out=x")]
    [InlineData("There is nothing to write", "compile", "a.proto")]
    [InlineData("can be given once only", "compile", "-o", "x", "--descriptor_set_out=y", "a.proto")]
    [InlineData("--go_out", "compile", "--csharp_out=x", "--go_opt=y", "a.proto")]
    [InlineData("needs a value", "compile", "--csharp_out")]
    [InlineData("takes no value", "compile", "--csharp_out=x", "--fatal_warnings=yes", "a.proto")]
    [InlineData("\"--decode_rough\" is not an option", "compile", "--decode_rough")]
    [InlineData("--unsafe_allow_out_dir_escape", "compile", "--csharp_out=x", "--unsafe_allow_out_dir_escape", "a.proto")]
    [InlineData("--dependency_out", "compile", "--csharp_out=x", "--dependency_out=d", "--descriptor_set_in=s", "a.proto")]
    [InlineData("prints and writes nothing", "compile", "--csharp_out=x", "--print_free_field_numbers", "a.proto")]
    [InlineData("names no folder", "compile", "--csharp_out=services=none:", "a.proto")]
    [InlineData("is no command", "compiel")]
    [InlineData("services=both, client, server or none", "compile", "--csharp_out=x", "--csharp_opt=services=all", "a.proto")]
    [InlineData("--csharp_ot", "compile", "--csharp_ot=x", "a.proto")]
    [InlineData("xml", "compile", "--csharp_out=x", "--error_format=xml", "a.proto")]
    [InlineData("@no-such-file", "compile", "--csharp_out=x", "@no-such-file")]
    public void A_wrong_command_line_ends_with_code_2_and_says_why(string message, params string[] args)
    {
        Assert.Equal(2, _line.Run(args));
        Assert.Contains(message, _line.Errors, StringComparison.Ordinal);
        Assert.Contains("peregrine: ", _line.Errors, StringComparison.Ordinal);
        Assert.Empty(_line.Output);
    }

    [Fact]
    public void A_glued_search_path_is_a_path_whatever_letters_it_has()
    {
        _line.Write("only/deep.proto", Name);
        Assert.Equal(0, _line.Run("compile", "-I" + _line["only"], "--csharp_out=" + _line["out"], "deep.proto"));
        Assert.Equal(["Deep.cs"], _line.Files("out"));
    }

    [Fact]
    public void A_virtual_prefix_maps_a_folder()
    {
        Assert.Equal(0, _line.Run("compile", "-I", "virtual=" + _line["parts"], "--csharp_out=" + _line["out"], "virtual/name.proto"));
        Assert.Equal(["Name.cs"], _line.Files("out"));
    }

    [Fact]
    public void Help_tells_every_flag_and_the_exit_codes()
    {
        Assert.Equal(0, _line.Run("compile", "--help"));
        foreach (var text in (string[])
        [
            "-I", "--proto_path", "--csharp_out", "--csharp_opt", "--grpc_out", "--grpc_opt", "--descriptor_set_out", "--include_imports",
            "--include_source_info", "--retain_options", "--dependency_out", "--error_format", "--fatal_warnings", "@FILE", "Exit codes",
            "--NAME_out", "--NAME_opt", "--plugin", "--descriptor_set_in", "--disallow_services", "--direct_dependencies",
            "--direct_dependencies_violation_msg", "--option_dependencies", "--option_dependencies_violation_msg",
            "--print_free_field_numbers", "--version",
        ])
        {
            Assert.Contains(text, _line.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Help_of_the_tool_tells_the_commands()
    {
        Assert.Equal(0, _line.Run("--help"));
        Assert.Contains("compile", _line.Output, StringComparison.Ordinal);
        Assert.Contains("--version", _line.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_flag_of_the_descriptor_set_without_one_is_a_warning_as_for_protoc()
    {
        Assert.Equal(0, _line.Compile("--include_imports", "--csharp_out=" + _line["out"], "parts/name.proto"));
        Assert.Contains("--include_imports", _line.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void The_version_is_that_of_the_protoc_whose_behaviour_it_has()
    {
        Assert.Equal(0, _line.Run("compile", "--version"));
        Assert.Equal("libprotoc 35.1" + Environment.NewLine, _line.Output);
    }

    [Fact]
    public void Files_come_from_a_descriptor_set_alone_or_mixed_with_text()
    {
        Assert.Equal(0, _line.Compile("-o" + _line["set.pb"], "--include_imports", "--include_source_info", "hello.proto"));
        Assert.Equal(0, _line.Compile("--csharp_out=" + _line["text"], "hello.proto", "parts/name.proto"));
        Assert.Equal(0, _line.Run("compile", "--descriptor_set_in=" + _line["set.pb"], "--csharp_out=" + _line["set"], "hello.proto", "parts/name.proto"));
        Assert.Equal(_line.Files("text"), _line.Files("set"));
        Assert.All(_line.Files("text"), name => Assert.Equal(_line.Read("text/" + name), _line.Read("set/" + name)));

        _line.Write("mixed/mine.proto", "syntax = \"proto3\"; import \"parts/name.proto\"; message Mine { greet.Name name = 1; }");
        Assert.Equal(0, _line.Run("compile", "-I", _line["mixed"], "--descriptor_set_in=" + _line["set.pb"], "--csharp_out=" + _line["out"], "mine.proto"));
        Assert.Equal(["Mine.cs"], _line.Files("out"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no set")]
    public void A_descriptor_set_that_is_none_or_lacks_the_file_is_an_error(string content)
    {
        _line.Write("set.pb", content);
        Assert.Equal(1, _line.Run("compile", "--descriptor_set_in=" + _line["set.pb"], "--csharp_out=" + _line["out"], "hello.proto"));
        Assert.NotEmpty(_line.Errors);
    }

    [Fact]
    public void Services_can_be_disallowed()
    {
        Assert.Equal(0, _line.Compile("--disallow_services", "--csharp_out=" + _line["out"], "parts/name.proto"));
        Assert.Equal(1, _line.Compile("--disallow_services", "--csharp_out=" + _line["out"], "hello.proto"));
        Assert.Contains("hello.proto: This file contains services, but --disallow_services was used.", _line.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_declared_dependencies_can_be_imported()
    {
        Assert.Equal(0, _line.Compile("--direct_dependencies=parts/name.proto:other.proto", "--csharp_out=" + _line["out"], "hello.proto"));
        Assert.Equal(1, _line.Compile("--direct_dependencies=other.proto", "--direct_dependencies_violation_msg=never %s", "--csharp_out=" + _line["out"], "hello.proto"));
        Assert.Contains("hello.proto: never parts/name.proto", _line.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Free_field_numbers_are_printed()
    {
        _line.Write("free.proto", "syntax = \"proto2\"; package p; message A { optional int32 a = 1; optional int32 b = 3; reserved 5 to 7; extensions 10 to max; message B {} }");
        Assert.Equal(0, _line.Compile("--print_free_field_numbers", "free.proto"));
        Assert.Equal("p.A.B".PadRight(35) + " free: 1-INF\n" + "p.A".PadRight(35) + " free: 2 4 8-9\n", _line.Output);
    }

    [Fact]
    public void The_defaults_of_features_are_those_of_the_editions()
    {
        Assert.Equal(0, _line.Run("compile", "--edition_defaults_out=" + _line["defaults.pb"], "--edition_defaults_minimum=2023", "google/protobuf/descriptor.proto"));
        var defaults = FeatureSetDefaults.Parser.ParseFrom(File.ReadAllBytes(_line["defaults.pb"]));
        Assert.Equal((Edition._2023, Edition._2024), (defaults.MinimumEdition, defaults.MaximumEdition));
        Assert.Equal([Edition.Legacy, Edition.Proto3, Edition._2023, Edition._2024, Edition.Unstable], defaults.Defaults.Select(each => each.Edition));
        Assert.Equal(FeatureSet.Types.FieldPresence.Implicit, defaults.Defaults[1].FixedFeatures!.FieldPresence);
        Assert.Equal(FeatureSet.Types.FieldPresence.Explicit, defaults.Defaults[2].OverridableFeatures!.FieldPresence);
        Assert.Equal(1, _line.Compile("--edition_defaults_out=" + _line["none.pb"], "parts/name.proto"));
        Assert.Contains("google/protobuf/descriptor.proto", _line.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void An_archive_is_written_without_times()
    {
        Assert.Equal(0, _line.Compile("--csharp_out=" + _line["out.zip"], "hello.proto", "parts/name.proto"));
        using var archive = System.IO.Compression.ZipFile.OpenRead(_line["out.zip"]);
        Assert.Equal(["Hello.cs", "HelloGrpc.cs", "Name.cs"], archive.Entries.Select(entry => entry.FullName));
        Assert.All(archive.Entries, entry => Assert.Equal(1980, entry.LastWriteTime.Year));
    }

    [Fact]
    public void Roots_are_inferred_when_none_are_given()
    {
        _line.Write("elsewhere/acme/v1/user.proto", "syntax = \"proto3\"; package acme.v1; import \"acme/v1/name.proto\"; message User { Name name = 1; }");
        _line.Write("elsewhere/acme/v1/name.proto", "syntax = \"proto3\"; package acme.v1; message Name {}");
        Assert.Equal(0, _line.Run("compile", "-o" + _line["set.pb"], _line["elsewhere/acme/v1/user.proto"]));
        Assert.Equal("acme/v1/user.proto", Assert.Single(Set("set.pb").File).Name);
    }

    [Fact]
    public void A_file_that_another_one_hides_is_not_compiled_in_its_place()
    {
        _line.Write("first/name.proto", Name);
        Assert.Equal(1, _line.Run("compile", "-I", _line["first"], "-I", _line["parts"], "--csharp_out=" + _line["out"], _line["parts/name.proto"]));
        Assert.Contains("hides it", _line.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_make_rule_makes_every_output_new()
    {
        Assert.Equal(0, _line.Compile("--csharp_out=" + _line["out"], "parts/name.proto"));
        File.SetLastWriteTimeUtc(_line["out/Name.cs"], new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        Assert.Equal(0, _line.Compile("--csharp_out=" + _line["out"], "--dependency_out=" + _line["deps.d"], "parts/name.proto"));
        Assert.True(File.GetLastWriteTimeUtc(_line["out/Name.cs"]).Year > 2001);
    }

    private FileDescriptorSet Set(string name) => FileDescriptorSet.Parser.ParseFrom(File.ReadAllBytes(_line[name]));
}
