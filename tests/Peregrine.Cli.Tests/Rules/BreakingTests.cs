// SPDX-License-Identifier: Apache-2.0

using System.Diagnostics;
using Peregrine.Cli.Breaking;
using Xunit;

namespace Peregrine.Cli.Tests.Rules;

public sealed class BreakingTests : IDisposable
{
    private const string Before = """
        syntax = "proto2";
        package acme.v1;
        option go_package = "acme/v1";
        message M {
          reserved 50 to 60;
          reserved "old";
          extensions 100 to 199;
          optional int32 number = 1;
          optional string text = 2 [default = "x"];
          repeated int32 list = 3;
          optional Kind kind = 4;
          oneof choice { int32 a = 5; string b = 6; }
          optional fixed32 fixed = 7;
          message Inner {}
        }
        extend M { optional int32 more = 100; }
        enum Kind { reserved 7; KIND_NONE = 0; KIND_ONE = 1; }
        service Shop { rpc Buy(M) returns (M); rpc Sell(M) returns (M); }
        """;

    private readonly CommandLine _line = new();

    /// <summary>A change, the rules that find it, and those of the same kind that allow it.</summary>
    public static TheoryData<string, string, string, string> Changes { get; } = new()
    {
        { "optional int32 number = 1;", "", "FIELD_NO_DELETE FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED FIELD_NO_DELETE_UNLESS_NAME_RESERVED", "" },
        { "optional int32 number = 1;", "reserved 1; reserved \"number\";", "FIELD_NO_DELETE", "FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED FIELD_NO_DELETE_UNLESS_NAME_RESERVED" },
        { "optional int32 number", "optional int64 number", "FIELD_SAME_TYPE FIELD_WIRE_JSON_COMPATIBLE_TYPE", "FIELD_WIRE_COMPATIBLE_TYPE" },
        { "optional int32 number", "optional uint32 number", "FIELD_SAME_TYPE", "FIELD_WIRE_JSON_COMPATIBLE_TYPE FIELD_WIRE_COMPATIBLE_TYPE" },
        { "optional int32 number", "optional string number", "FIELD_SAME_TYPE FIELD_WIRE_JSON_COMPATIBLE_TYPE FIELD_WIRE_COMPATIBLE_TYPE", "" },
        { "optional fixed32 fixed", "optional sfixed32 fixed", "FIELD_SAME_TYPE", "FIELD_WIRE_JSON_COMPATIBLE_TYPE FIELD_WIRE_COMPATIBLE_TYPE" },
        { "optional string text = 2 [default = \"x\"]", "optional bytes text = 2 [default = \"x\"]", "FIELD_SAME_TYPE FIELD_WIRE_JSON_COMPATIBLE_TYPE", "FIELD_WIRE_COMPATIBLE_TYPE" },
        { "optional Kind kind", "optional M kind", "FIELD_SAME_TYPE FIELD_WIRE_COMPATIBLE_TYPE FIELD_WIRE_JSON_COMPATIBLE_TYPE", "" },
        { "optional int32 number", "repeated int32 number", "FIELD_SAME_CARDINALITY FIELD_WIRE_COMPATIBLE_CARDINALITY FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY", "" },
        { "optional string text = 2 [default = \"x\"]", "repeated string text = 2", "FIELD_SAME_CARDINALITY FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY FIELD_WIRE_COMPATIBLE_CARDINALITY", "FIELD_SAME_DEFAULT" },
        { "optional int32 number", "required int32 number", "FIELD_SAME_CARDINALITY FIELD_WIRE_COMPATIBLE_CARDINALITY MESSAGE_SAME_REQUIRED_FIELDS", "FIELD_SAME_DEFAULT" },
        { "optional int32 number", "optional int32 amount", "FIELD_SAME_NAME FIELD_SAME_JSON_NAME", "FIELD_SAME_TYPE" },
        { "number = 1;", "number = 1 [json_name = \"n\"];", "FIELD_SAME_JSON_NAME", "FIELD_SAME_NAME" },
        { "number = 1;", "number = 1 [jstype = JS_NORMAL];", "", "FIELD_SAME_JSTYPE" },
        { "[default = \"x\"]", "[default = \"y\"]", "FIELD_SAME_DEFAULT", "" },
        { "oneof choice { int32 a = 5; string b = 6; }", "optional int32 a = 5; oneof choice { string b = 6; }", "FIELD_SAME_ONEOF", "ONEOF_NO_DELETE" },
        { "oneof choice { int32 a = 5; string b = 6; }", "oneof option { int32 a = 5; string b = 6; }", "FIELD_SAME_ONEOF ONEOF_NO_DELETE", "" },
        { "reserved 50 to 60;", "reserved 50 to 59;", "RESERVED_MESSAGE_NO_DELETE", "" },
        { "reserved \"old\";", "", "RESERVED_MESSAGE_NO_DELETE", "" },
        { "reserved 7;", "", "RESERVED_ENUM_NO_DELETE", "" },
        { "extensions 100 to 199;", "extensions 100 to 150;", "EXTENSION_MESSAGE_NO_DELETE", "" },
        { "message Inner {}", "", "MESSAGE_NO_DELETE PACKAGE_MESSAGE_NO_DELETE", "" },
        { "extend M { optional int32 more = 100; }", "", "EXTENSION_NO_DELETE PACKAGE_EXTENSION_NO_DELETE", "" },
        { "KIND_ONE = 1;", "", "ENUM_VALUE_NO_DELETE ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED", "" },
        { "KIND_ONE = 1;", "reserved 1; reserved \"KIND_ONE\";", "ENUM_VALUE_NO_DELETE", "ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED" },
        { "KIND_ONE = 1;", "KIND_UNO = 1;", "ENUM_VALUE_SAME_NAME", "ENUM_VALUE_NO_DELETE" },
        { "rpc Sell(M) returns (M);", "", "RPC_NO_DELETE", "" },
        { "rpc Sell(M) returns (M);", "rpc Sell(M.Inner) returns (M);", "RPC_SAME_REQUEST_TYPE", "RPC_SAME_RESPONSE_TYPE" },
        { "rpc Sell(M) returns (M);", "rpc Sell(M) returns (M.Inner);", "RPC_SAME_RESPONSE_TYPE", "RPC_SAME_REQUEST_TYPE" },
        { "rpc Sell(M) returns (M);", "rpc Sell(stream M) returns (M);", "RPC_SAME_CLIENT_STREAMING", "RPC_SAME_SERVER_STREAMING" },
        { "rpc Sell(M) returns (M);", "rpc Sell(M) returns (stream M);", "RPC_SAME_SERVER_STREAMING", "RPC_SAME_CLIENT_STREAMING" },
        { "rpc Sell(M) returns (M);", "rpc Sell(M) returns (M) { option idempotency_level = IDEMPOTENT; }", "RPC_SAME_IDEMPOTENCY_LEVEL", "" },
        { "service Shop { rpc Buy(M) returns (M); rpc Sell(M) returns (M); }", "", "SERVICE_NO_DELETE PACKAGE_SERVICE_NO_DELETE", "" },
        { "option go_package = \"acme/v1\";", "", "FILE_SAME_GO_PACKAGE", "FILE_SAME_JAVA_PACKAGE" },
        { "package acme.v1;", "package acme.v2;", "FILE_SAME_PACKAGE PACKAGE_NO_DELETE", "FILE_NO_DELETE" },
        { "message M {", "message M { option no_standard_descriptor_accessor = true;", "MESSAGE_NO_REMOVE_STANDARD_DESCRIPTOR_ACCESSOR", "" },
        { "message Inner {}", "message Inner {} optional int32 new = 20; // New is well.", "", "FIELD_SAME_NAME FIELD_NO_DELETE" },
    };

    public void Dispose() => _line.Dispose();

    [Theory]
    [MemberData(nameof(Changes))]
    public void Rules_find_what_breaks_and_allow_what_does_not(string was, string isNow, string finding, string allowing)
    {
        Assert.Contains(was, Before, StringComparison.Ordinal);
        _line.Write("before/acme/v1/a.proto", Before);
        _line.Write("after/acme/v1/a.proto", Before.Replace(was, isNow, StringComparison.Ordinal));
        foreach (string rule in finding.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            Assert.Equal(ExitCode.Failure, Compare("--use", rule));
            Assert.EndsWith($"({rule})", _line.Output.TrimEnd(), StringComparison.Ordinal);
        }

        foreach (string rule in allowing.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            Assert.Equal(ExitCode.Success, Compare("--use", rule));
        }
    }

    [Fact]
    public void What_has_not_changed_breaks_no_rule()
    {
        _line.Write("before/acme/v1/a.proto", Before);
        _line.Write("after/acme/v1/a.proto", Before);
        Assert.Equal(ExitCode.Success, Compare("--use", "FILE", "--use", "PACKAGE", "--use", "WIRE", "--use", "WIRE_JSON"));
        Assert.Equal("", _line.Output);
    }

    [Fact]
    public void What_moves_to_another_file_of_its_package_breaks_code_made_by_file_only()
    {
        _line.Write("before/a.proto", "syntax = \"proto3\"; package a; message M {} message N {}");
        _line.Write("after/a.proto", "syntax = \"proto3\"; package a; message M {}");
        _line.Write("after/b.proto", "syntax = \"proto3\"; package a; message N {}");
        Assert.Equal(ExitCode.Failure, Compare());
        Assert.Contains("(MESSAGE_NO_DELETE)", _line.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Success, Compare("--use", "PACKAGE"));
    }

    [Fact]
    public void A_file_that_has_gone_is_one_finding()
    {
        _line.Write("before/a.proto", "syntax = \"proto3\"; package a; message M {}");
        _line.Write("before/b.proto", "syntax = \"proto3\"; package a; message N {} enum E { E_NONE = 0; }");
        _line.Write("after/a.proto", "syntax = \"proto3\"; package a; message M {}");
        Assert.Equal(ExitCode.Failure, Compare());
        Assert.Contains("(FILE_NO_DELETE)", Assert.Single(_line.Output.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public void Descriptor_sets_are_compared_as_files_are()
    {
        _line.Write("before/acme/v1/a.proto", Before);
        _line.Write("after/acme/v1/a.proto", Before.Replace("optional int32 number", "optional string number", StringComparison.Ordinal));
        Assert.Equal(ExitCode.Success, _line.Run("compile", "-I", _line["before"], "--include_imports", "-o", _line["before.binpb"], "acme/v1/a.proto"));
        _line.Clear();
        Assert.Equal(ExitCode.Failure, _line.Run("breaking", _line["after"], "-I", _line["after"], "--against", _line["before.binpb"]));
        Assert.Contains("(FIELD_SAME_TYPE)", _line.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_of_maps_are_compared_at_the_map()
    {
        _line.Write("before/a.proto", "syntax = \"proto3\"; package a;\nmessage M {\n  map<string, int32> m = 1;\n}");
        _line.Write("after/a.proto", "syntax = \"proto3\"; package a;\nmessage M {\n  map<string, int64> m = 1;\n}");
        Assert.Equal(ExitCode.Failure, Compare("--use", "FIELD_SAME_TYPE"));
        Assert.Contains("a.proto:3:3: Field \"2\" with name \"value\"", _line.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Extensions_are_compared_by_the_message_that_they_extend_and_their_number()
    {
        const string Extended = "syntax = \"proto2\"; package a; message M { extensions 1 to 9; } ";
        _line.Write("before/a.proto", Extended + "extend M { optional int32 x = 1; }");
        _line.Write("after/a.proto", Extended + "message Scope { extend M { optional string x = 1; } }");
        Assert.Equal(ExitCode.Failure, Compare("--use", "FIELD_SAME_TYPE", "--use", "FIELD_SAME_NAME", "--use", "FIELD_SAME_JSON_NAME"));
        Assert.Contains("(FIELD_SAME_TYPE)", _line.Output, StringComparison.Ordinal);
        Assert.Contains("from \"a.x\" to \"a.Scope.x\"", _line.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("JSON", _line.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("reserved 1 to 10;", "reserved 1 to 4, 5 to 20;", true)]
    [InlineData("reserved 1 to 10;", "reserved 1 to 4, 6 to 20;", false)]
    [InlineData("reserved 1 to max;", "reserved 1 to 5, 6 to max;", true)]
    [InlineData("reserved 1 to max;", "reserved 1 to 536870910;", false)]
    public void Reserved_numbers_may_be_spread_over_other_ranges(string was, string isNow, bool isAllowed)
    {
        _line.Write("before/a.proto", $"syntax = \"proto3\"; package a; message M {{ {was} }}");
        _line.Write("after/a.proto", $"syntax = \"proto3\"; package a; message M {{ {isNow} }}");
        Assert.Equal(isAllowed ? ExitCode.Success : ExitCode.Failure, Compare("--use", "RESERVED_MESSAGE_NO_DELETE"));
    }

    [Theory]
    [InlineData("optional int32 f = 1 [default = 7];", "optional int64 f = 1 [default = 0x7];", true)]
    [InlineData("optional int32 f = 1;", "optional int32 f = 1 [default = 0];", true)]
    [InlineData("optional float f = 1 [default = 0.1];", "optional double f = 1 [default = 0.1];", true)]
    [InlineData("optional double f = 1 [default = nan];", "optional double f = 1 [default = nan];", true)]
    [InlineData("optional string f = 1 [default = \"\\xe4\\xbd\\xa0\"];", "optional bytes f = 1 [default = \"\\xe4\\xbd\\xa0\"];", true)]
    [InlineData("optional uint64 f = 1 [default = 18446744073709551615];", "optional int64 f = 1 [default = -1];", false)]
    [InlineData("optional string f = 1 [default = \"1\"];", "optional int32 f = 1 [default = 1];", false)]
    [InlineData("optional E f = 1;", "optional E f = 1 [default = E_TWO];", false)]
    public void Defaults_are_compared_by_value_whatever_the_type(string was, string isNow, bool isAllowed)
    {
        const string Head = "syntax = \"proto2\"; package a; enum E { E_ONE = 1; E_TWO = 2; } message M { ";
        _line.Write("before/a.proto", Head + was + " }");
        _line.Write("after/a.proto", Head + isNow + " }");
        Assert.Equal(isAllowed ? ExitCode.Success : ExitCode.Failure, Compare("--use", "FIELD_SAME_DEFAULT"));
    }

    [Theory]
    [InlineData("optional string f = 1 [ctype = CORD];", "optional string f = 1;", "FIELD_SAME_CPP_STRING_TYPE", false)]
    [InlineData("optional string f = 1 [ctype = STRING_PIECE];", "optional string f = 1;", "FIELD_SAME_CPP_STRING_TYPE", true)]
    [InlineData("optional string f = 1;", "optional string f = 1; } option java_string_check_utf8 = true; message N {", "FIELD_SAME_JAVA_UTF8_VALIDATION", false)]
    [InlineData("optional bytes f = 1;", "optional bytes f = 1; } option java_string_check_utf8 = true; message N {", "FIELD_SAME_JAVA_UTF8_VALIDATION", true)]
    public void Strings_stay_what_they_are_in_code_of_other_languages(string was, string isNow, string rule, bool isAllowed)
    {
        const string Head = "syntax = \"proto2\"; package a; message M { ";
        _line.Write("before/a.proto", Head + was + " }");
        _line.Write("after/a.proto", Head + isNow + " }");
        Assert.Equal(isAllowed ? ExitCode.Success : ExitCode.Failure, Compare("--use", rule));
    }

    [Fact]
    public void Old_names_of_rules_stand_for_those_that_took_their_place()
    {
        _line.Write("before/a.proto", "syntax = \"proto3\"; package a; message M { int32 f = 1; }");
        _line.Write("after/a.proto", "syntax = \"proto3\"; package a; message M { repeated int32 f = 1; }");
        Assert.Equal(ExitCode.Failure, Compare("--use", "FIELD_SAME_LABEL"));
        Assert.Contains("(FIELD_SAME_CARDINALITY)", _line.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Success, Compare("--use", "FILE_SAME_PHP_GENERIC_SERVICES"));
    }

    [Fact]
    public void What_has_gone_is_ignored_by_the_path_that_it_had()
    {
        _line.Write("before/a.proto", "syntax = \"proto3\"; package a; message M {}");
        _line.Write("before/b/b.proto", "syntax = \"proto3\"; package b;");
        _line.Write("after/a.proto", "syntax = \"proto3\"; package a; message M {}");
        _line.Write("settings.yaml", "version: v2\nbreaking:\n  ignore: [b]\n");
        Assert.Equal(ExitCode.Failure, Compare());
        Assert.Equal(ExitCode.Success, Compare("--config", _line["settings.yaml"]));
    }

    [Theory]
    [InlineData("after/a/v1/a.proto", "before/a/v1/a.proto", "")]
    [InlineData("after/a/v1/a.proto", "before/a/v1/old name.proto", "")]
    [InlineData("after/a/v1/a.proto", "before/a/v1/a.proto", "before after")]
    [InlineData("after/a/v1/a.proto", "before/a/v1/a.proto", ".")]
    [InlineData("after", "before/a/v1/a.proto", "")]
    [InlineData("after", "before/a/v1/a.proto", "after")]
    [InlineData("after", "before/a/v1/a.proto", ".")]
    [InlineData("after/a/v1/a.proto after/a/v1/b.proto", "before/a/v1/a.proto", "")]
    public void A_file_is_compared_with_the_one_that_it_is_now(string now, string against, string importPaths)
    {
        foreach (string state in (string[])["before", "after"])
        {
            _line.Write(state + "/c/v1/c.proto", $"syntax = \"proto3\"; package c.v1; message {(state == "before" ? "Old" : "New")} {{}}");
            _line.Write(state + "/a/v1/b.proto", "syntax = \"proto3\"; package a.v1; message N {}");
        }

        _line.Write("before/a/v1/a.proto", "syntax = \"proto3\"; package a.v1; import \"c/v1/c.proto\"; message M { c.v1.Old f = 1; int32 g = 2; }");
        _line.Write("before/a/v1/old name.proto", _line.Read("before/a/v1/a.proto"));
        _line.Write("after/a/v1/a.proto", "syntax = \"proto3\"; package a.v1; import \"c/v1/c.proto\"; message M { c.v1.New f = 1; }");
        if (importPaths == ".")
        {
            _line.Write("before/a/v1/a.proto", "syntax = \"proto3\"; package a.v1; message M { int32 g = 2; }");
            _line.Write("after/a/v1/a.proto", "syntax = \"proto3\"; package a.v1; message M {}");
        }

        _line.Clear();
        Assert.Equal(ExitCode.Failure, _line.Run(
            ["breaking", .. now.Split(' ').Select(path => _line[path]), .. importPaths.Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany(path => new[] { "-I", _line[path] }),
                "--against", _line[against], "--use", "FILE_NO_DELETE", "--use", "FIELD_NO_DELETE"]));
        Assert.Equal("", _line.Errors);
        string found = Assert.Single(_line.Output.TrimEnd().Split('\n'));
        Assert.Contains("after/a/v1/a.proto:1:", found, StringComparison.Ordinal);
        Assert.Contains("(FIELD_NO_DELETE)", found, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_hidden_by_another_in_the_current_folder_is_compared_all_the_same()
    {
        _line.Write("before/a/a.proto", "syntax = \"proto3\"; package a; message M { int32 f = 1; }");
        _line.Write("after/a/a.proto", "syntax = \"proto3\"; package a; message M {}");
        (int code, string output) = RunToolIn("after", "breaking", "a/a.proto", "--against", "../before/a/a.proto");
        Assert.Equal(ExitCode.Failure, code);
        Assert.StartsWith("a/a.proto:1:", output, StringComparison.Ordinal);
        Assert.Contains("(FIELD_NO_DELETE)", Assert.Single(output.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_the_folder_has_no_longer_has_gone()
    {
        _line.Write("before/a/gone.proto", "syntax = \"proto3\"; package a; message M { int32 f = 1; }");
        _line.Write("after/a/a.proto", "syntax = \"proto3\"; package a; message N {}");
        _line.Clear();
        Assert.Equal(ExitCode.Failure, _line.Run("breaking", _line["after"], "--against", _line["before/a/gone.proto"]));
        Assert.Contains("(FILE_NO_DELETE)", Assert.Single(_line.Output.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public void Workspaces_are_compared_module_by_module()
    {
        foreach (string state in (string[])["before", "after"])
        {
            _line.Write(state + "/buf.yaml", "version: v2\nmodules: [{path: a}, {path: b}]\n");
            _line.Write(state + "/a/a.proto", "syntax = \"proto3\"; package a; import \"b.proto\"; message M { b.N n = 1; }");
        }

        _line.Write("before/b/b.proto", "syntax = \"proto3\"; package b; message N { int32 f = 1; }");
        _line.Write("after/b/b.proto", "syntax = \"proto3\"; package b; message N {}");
        _line.Clear();
        Assert.Equal(ExitCode.Failure, _line.Run("breaking", _line["after"], "--against", _line["before"]));
        Assert.Contains("(FIELD_NO_DELETE)", Assert.Single(_line.Output.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, _line.Run("breaking", _line["after"], "--against", _line["before/a"]));
        Assert.Contains("2 modules here", _line.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Packages_that_say_they_are_not_stable_may_break_if_the_settings_say_so()
    {
        _line.Write("before/a.proto", "syntax = \"proto3\"; package a.v1beta1; message M { int32 a = 1; }");
        _line.Write("after/a.proto", "syntax = \"proto3\"; package a.v1beta1; message M {}");
        _line.Write("settings.yaml", "version: v2\nbreaking:\n  ignore_unstable_packages: true\n");
        Assert.Equal(ExitCode.Failure, Compare());
        Assert.Equal(ExitCode.Success, Compare("--config", _line["settings.yaml"]));
    }

    [Fact]
    public void Without_a_state_before_the_command_line_is_wrong()
    {
        Assert.Equal(ExitCode.Usage, _line.Run("breaking", _line.Folder));
        Assert.Contains("--against-git", _line.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_commit_is_read_without_a_checkout()
    {
        _line.Write("protos/acme/v1/a.proto", Before);
        Git("init", "-q");
        Git("add", ".");
        Git("-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-q", "-m", "first");
        _line.Write("protos/acme/v1/a.proto", Before.Replace("rpc Sell(M) returns (M);", "", StringComparison.Ordinal));
        (int code, string output) = RunTool("breaking", "protos", "--against-git", "HEAD");
        Assert.Equal(ExitCode.Failure, code);
        Assert.Contains("protos/acme/v1/a.proto:18:1:", output, StringComparison.Ordinal);
        Assert.Contains("(RPC_NO_DELETE)", output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Failure, RunTool("breaking", "protos", "--against-git", "nothing").Code);
    }

    [Fact]
    public void No_rule_has_the_name_of_another() => Assert.Equal(BreakingRules.All.Count, BreakingRules.All.DistinctBy(rule => rule.Name).Count());

    private int Compare(params string[] args)
    {
        _line.Clear();
        return _line.Run(["breaking", _line["after"], "-I", _line["after"], "--against", _line["before"], .. args]);
    }

    private void Git(params string[] args) => Assert.Equal(0, Run("git", args).Code);

    // git looks at the current folder, which is the process's.
    private (int Code, string Output) RunTool(params string[] args) => RunToolIn(".", args);

    private (int Code, string Output) RunToolIn(string folder, params string[] args) =>
        Run(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [typeof(BreakingRules).Assembly.Location, .. args], folder);

    private (int Code, string Output) Run(string program, string[] args, string folder = ".")
    {
        ProcessStartInfo start = new(program, args) { WorkingDirectory = _line[folder], RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
