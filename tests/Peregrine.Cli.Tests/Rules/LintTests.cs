// SPDX-License-Identifier: Apache-2.0

using System.Text.Json;
using Peregrine.Cli.Linting;
using Xunit;

namespace Peregrine.Cli.Tests.Rules;

public sealed class LintTests : IDisposable
{
    private const string Good = """
        syntax = "proto3";

        // A shop.
        package acme.shop.v1;

        // Sells.
        service ShopService {
          // Buys.
          rpc Buy(BuyRequest) returns (BuyResponse);
        }

        // What to buy.
        message BuyRequest {
          // The kind.
          Kind kind = 1;
          // Names.
          map<string, string> labels_by_name = 2;
          // One of them.
          oneof how_to_pay {
            // In coins.
            int32 coins = 3;
          }
          // Perhaps.
          optional int32 maybe = 4;
        }

        // What came.
        message BuyResponse {}

        // Kinds.
        enum Kind {
          // None.
          KIND_UNSPECIFIED = 0;
          // HTTP.
          KIND_HTTP2_SERVER = 1;
        }
        """;

    private readonly CommandLine _line = new();

    public static TheoryData<string, string, string> Faults { get; } = new()
    {
        { "PACKAGE_LOWER_SNAKE_CASE", "acme.shop.v1", "acme.Shop.v1" },
        { "PACKAGE_DIRECTORY_MATCH", "acme.shop.v1", "acme.store.v1" },
        { "PACKAGE_VERSION_SUFFIX", "acme.shop.v1", "acme.shop" },
        { "PACKAGE_DEFINED", "package acme.shop.v1;", "" },
        { "IMPORT_USED", "package acme.shop.v1;", "package acme.shop.v1; import \"google/protobuf/empty.proto\";" },
        { "IMPORT_NO_PUBLIC", "package acme.shop.v1;", "package acme.shop.v1; import public \"google/protobuf/empty.proto\";" },
        { "SERVICE_PASCAL_CASE", "ShopService", "shopService" },
        { "SERVICE_SUFFIX", "ShopService", "Shop" },
        { "RPC_PASCAL_CASE", "rpc Buy", "rpc buy" },
        { "RPC_REQUEST_STANDARD_NAME", "BuyRequest", "Purchase" },
        { "RPC_RESPONSE_STANDARD_NAME", "BuyResponse", "Purchase" },
        { "RPC_REQUEST_RESPONSE_UNIQUE", "returns (BuyResponse)", "returns (BuyRequest)" },
        { "RPC_REQUEST_RESPONSE_UNIQUE", "returns (BuyResponse);", "returns (BuyResponse); rpc Get(BuyRequest) returns (BuyResponse);" },
        { "RPC_NO_CLIENT_STREAMING", "(BuyRequest)", "(stream BuyRequest)" },
        { "RPC_NO_SERVER_STREAMING", "(BuyResponse)", "(stream BuyResponse)" },
        { "MESSAGE_PASCAL_CASE", "BuyRequest", "Buy_Request" },
        { "FIELD_LOWER_SNAKE_CASE", "labels_by_name", "labelsByName" },
        { "ONEOF_LOWER_SNAKE_CASE", "how_to_pay", "howToPay" },
        { "ENUM_PASCAL_CASE", "Kind", "kind_of" },
        { "ENUM_VALUE_UPPER_SNAKE_CASE", "KIND_HTTP2_SERVER", "KIND_http2Server" },
        { "ENUM_VALUE_PREFIX", "KIND_HTTP2_SERVER", "HTTP2_SERVER" },
        { "ENUM_ZERO_VALUE_SUFFIX", "KIND_UNSPECIFIED", "KIND_NONE" },
        { "ENUM_NO_ALLOW_ALIAS", "enum Kind {", "enum Kind { option allow_alias = true; KIND_UNSPECIFIED_TOO_UNSPECIFIED = 0;" },
        { "COMMENT_SERVICE", "// Sells.", "" },
        { "COMMENT_RPC", "// Buys.", "" },
        { "COMMENT_MESSAGE", "// What came.", "" },
        { "COMMENT_FIELD", "// The kind.", "" },
        { "COMMENT_ONEOF", "// One of them.", "" },
        { "COMMENT_ENUM", "// Kinds.", "" },
        { "COMMENT_ENUM_VALUE", "// HTTP.", "" },
    };

    public void Dispose() => _line.Dispose();

    [Fact]
    public void A_file_of_good_style_has_no_finding()
    {
        Write("acme/shop/v1/shop.proto", Good);
        Assert.Equal(ExitCode.Success, Lint("--use", "STANDARD", "--use", "COMMENTS", "--use", "UNARY_RPC"));
        Assert.Equal("", _line.Output);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void Each_rule_finds_its_fault(string rule, string good, string bad)
    {
        Assert.Contains(good, Good, StringComparison.Ordinal);
        Write("acme/shop/v1/shop.proto", Good.Replace(good, bad, StringComparison.Ordinal));
        Assert.Equal(ExitCode.Failure, Lint("--use", rule));
        Assert.EndsWith($"({rule})", _line.Output.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void Rules_of_proto2_find_required_fields_and_first_values_that_are_not_zero()
    {
        Write("a/v1/a.proto", "syntax = \"proto2\"; package a.v1; message M { required int32 a = 1; } enum E { E_ONE = 1; }");
        Lint();
        Assert.Contains("(FIELD_NOT_REQUIRED)", _line.Output, StringComparison.Ordinal);
        Assert.Contains("(ENUM_FIRST_VALUE_ZERO)", _line.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_syntax_is_found()
    {
        Write("a/v1/a.proto", "package a.v1;");
        Assert.Equal(ExitCode.Failure, Lint());
        Assert.Contains("(SYNTAX_SPECIFIED)", _line.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_of_a_package_lie_together_and_agree_on_their_options()
    {
        Write("a/v1/a.proto", "syntax = \"proto3\"; package a.v1; option csharp_namespace = \"A\";");
        Write("a/v1/b.proto", "syntax = \"proto3\"; package a.v1; option csharp_namespace = \"B\";");
        Write("a/v1/c.proto", "syntax = \"proto3\"; package c.v1;");
        Write("d/v1/d.proto", "syntax = \"proto3\"; package a.v1; option csharp_namespace = \"A\";");
        Lint();
        Assert.Contains("(PACKAGE_SAME_CSHARP_NAMESPACE)", _line.Output, StringComparison.Ordinal);
        Assert.Contains("(PACKAGE_SAME_DIRECTORY)", _line.Output, StringComparison.Ordinal);
        Assert.Contains("(DIRECTORY_SAME_PACKAGE)", _line.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Packages_that_import_each_other_are_a_cycle_with_its_path()
    {
        Write("a/v1/a.proto", "syntax = \"proto3\"; package a.v1; import \"b/v1/b.proto\"; message A { b.v1.B b = 1; }");
        Write("b/v1/b.proto", "syntax = \"proto3\"; package b.v1; import \"a/v1/other.proto\"; message B { a.v1.Other o = 1; }");
        Write("a/v1/other.proto", "syntax = \"proto3\"; package a.v1; message Other {}");
        Lint("--use", "PACKAGE_NO_IMPORT_CYCLE");
        Assert.Contains("a.v1 -> b.v1 -> a.v1", _line.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Findings_have_path_line_and_column()
    {
        Write("a/v1/a.proto", "syntax = \"proto3\";\npackage a.v1;\n  message m {}\n");
        Assert.Equal(ExitCode.Failure, Lint("--json"));
        using JsonDocument json = JsonDocument.Parse(_line.Output);
        JsonElement finding = Assert.Single(json.RootElement.EnumerateArray());
        Assert.EndsWith("a/v1/a.proto", finding.GetProperty("path").GetString(), StringComparison.Ordinal);
        Assert.Equal((3, 11), (finding.GetProperty("line").GetInt32(), finding.GetProperty("column").GetInt32()));
        Assert.Equal("MESSAGE_PASCAL_CASE", finding.GetProperty("rule").GetString());
    }

    [Fact]
    public void Comments_switch_a_rule_off_for_what_they_stand_before_and_what_lies_in_it()
    {
        Write("a/v1/a.proto", """
            syntax = "proto3";
            package a.v1;
            // buf:lint:ignore FIELD_LOWER_SNAKE_CASE
            message M { int32 fooBar = 1; message N { int32 barBaz = 1; } }
            message O { int32 fooBar = 1; }
            """);
        Lint();
        Assert.Contains("a.proto:5:", Assert.Single(_line.Output.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public void Comments_switch_rules_off_for_the_place_that_is_reported_whatever_reason_follows()
    {
        Write("a/v1/a.proto", """
            syntax = "proto3";
            // buf:lint:ignore PACKAGE_DIRECTORY_MATCH: it was here first
            package b.v1;
            // buf:lint:ignore IMPORT_USED
            import "google/protobuf/empty.proto";
            // see buf:lint:ignore MESSAGE_PASCAL_CASE
            message m {}
            """);
        Lint();
        Assert.Contains("(MESSAGE_PASCAL_CASE)", Assert.Single(_line.Output.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("syntax = \"proto3\";", false, true)]
    [InlineData("syntax = \"proto2\";", false, true)]
    [InlineData("edition = \"2023\";", false, true)]
    [InlineData("", false, true)]
    [InlineData("syntax = \"proto2\";", true, true)]
    [InlineData("", true, false)]
    public void The_syntax_of_a_descriptor_set_is_asked_for_where_it_can_be_known(string head, bool hasPositions, bool passes)
    {
        _line.Write("a.proto", head + "package a; message M {}");
        Assert.Equal(ExitCode.Success, _line.Compile(["a.proto", "-o", _line["a.binpb"], .. hasPositions ? ["--include_source_info"] : Array.Empty<string>()]));
        Assert.Equal(passes ? ExitCode.Success : ExitCode.Failure, _line.Run("lint", _line["a.binpb"], "--use", "SYNTAX_SPECIFIED"));
    }

    [Theory]
    [InlineData("version: v1", "MESSAGE_PASCAL_CASE")]
    [InlineData("version: v1\nlint: {allow_comment_ignores: true}", "")]
    [InlineData("version: v2", "FIELD_NOT_REQUIRED")]
    [InlineData("version: v2\nlint: {disallow_comment_ignores: true}", "FIELD_NOT_REQUIRED MESSAGE_PASCAL_CASE")]
    public void Version_and_settings_decide_what_comments_and_categories_mean(string yaml, string found)
    {
        Write("a/v1/a.proto", "syntax = \"proto2\";\npackage a.v1;\n// buf:lint:ignore MESSAGE_PASCAL_CASE\nmessage m { required int32 f = 1; }");
        _line.Write("buf.yaml", yaml);
        Lint("--config", _line["buf.yaml"]);
        Assert.Equal(found.Split(' ', StringSplitOptions.RemoveEmptyEntries), Rules().Order());
    }

    [Fact]
    public void Modules_have_their_own_settings_and_import_each_other()
    {
        Write("buf.yaml", """
            version: v2
            modules:
              - path: a
              - path: b
                excludes: [b/skipped]
                lint:
                  use: [FIELD_LOWER_SNAKE_CASE]
                  ignore: [b/ignored.proto]
            lint:
              use: [MESSAGE_PASCAL_CASE]
            """);
        Write("a/a.proto", "syntax = \"proto3\"; package a; import \"b.proto\"; message m { b.n fooBar = 1; }");
        Write("b/b.proto", "syntax = \"proto3\"; package b; message n { int32 fooBar = 1; }");
        Write("b/ignored.proto", "syntax = \"proto3\"; package b; message p { int32 fooBar = 1; }");
        Write("b/skipped/b.proto", "this is no proto");
        Write("c/c.proto", "this is no proto");
        _line.Clear();
        Assert.Equal(ExitCode.Failure, _line.Run("lint", _line["protos"]));
        Assert.Equal(["MESSAGE_PASCAL_CASE", "FIELD_LOWER_SNAKE_CASE"], Rules());
    }

    [Fact]
    public void A_workspace_of_version_1_lists_folders_with_settings_of_their_own()
    {
        Write("buf.work.yaml", "version: v1\ndirectories: [a, b]");
        Write("a/buf.yaml", "version: v1\nlint: {use: [MESSAGE_PASCAL_CASE]}\nbuild: {excludes: [skipped]}");
        Write("a/a.proto", "syntax = \"proto3\"; package a; import \"b/v1/b.proto\"; message m { b.v1.n fooBar = 1; }");
        Write("a/skipped/a.proto", "this is no proto");
        Write("b/b/v1/b.proto", "syntax = \"proto3\"; package b.v1; message n {}");
        _line.Clear();
        Assert.Equal(ExitCode.Failure, _line.Run("lint", _line["protos"]));
        Assert.Equal(["MESSAGE_PASCAL_CASE", "MESSAGE_PASCAL_CASE"], Rules());
    }

    [Theory]
    [InlineData("text", "a.proto:1:1:Files must have")]
    [InlineData("msvs", "a.proto(1,1) : error PACKAGE_DEFINED : Files must have")]
    [InlineData("github-actions", "a.proto,line=1,col=1,endLine=1,endColumn=1::Files must have")]
    [InlineData("json", "a.proto\",\"start_line\":1,\"start_column\":1,\"end_line\":1,\"end_column\":1,\"type\":\"PACKAGE_DEFINED\",\"message\":\"Files must have")]
    public void Findings_are_printed_in_the_forms_of_buf(string form, string expected)
    {
        Write("a.proto", "syntax = \"proto3\";");
        Assert.Equal(ExitCode.Failure, Lint("--error-format", form));
        Assert.Contains(expected, Assert.Single(_line.Output.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("v1", false)]
    [InlineData("a.v1", true)]
    [InlineData("a.v1test", true)]
    [InlineData("a.v1p2beta3", true)]
    [InlineData("a.v0", false)]
    [InlineData("a.v1eap", false)]
    [InlineData("a.v99999999999", false)]
    public void Versions_of_packages_have_numbers_and_something_before_them(string package, bool isVersion)
    {
        Write("a.proto", $"syntax = \"proto3\"; package {package};");
        Assert.Equal(isVersion ? ExitCode.Success : ExitCode.Failure, Lint("--use", "PACKAGE_VERSION_SUFFIX"));
    }

    [Fact]
    public void Settings_are_those_of_buf_yaml()
    {
        Write("a/v1/a.proto", "syntax = \"proto3\"; package a.v1; message m {} enum E { E_NONE = 0; } service Shop {}");
        Write("b/v1/b.proto", "syntax = \"proto3\"; package b.v1; message m {}");
        _line.Write("buf.yaml", """
            version: v2
            lint:
              use: [STANDARD]
              except:
                - SERVICE_SUFFIX
              ignore: [b]
              ignore_only:
                MESSAGE_PASCAL_CASE: [a/v1]
              enum_zero_value_suffix: _NONE
            """);
        Assert.Equal(ExitCode.Success, Lint("--config", _line["buf.yaml"]));
        Assert.Equal(ExitCode.Failure, Lint("--config", _line["buf.yaml"], "--use", "SERVICE_SUFFIX"));
    }

    [Theory]
    [InlineData("lint: [", "buf.yaml:")]
    [InlineData("version: v2\nlint: 5", "buf.yaml:2:7: lint is not a mapping")]
    [InlineData("version: v2\nlint: { use: { a: b } }", "use is not a list")]
    [InlineData("version: v2\nlint: { use: [ENUM_PASCAL_CASES] }", "Did you mean ENUM_PASCAL_CASE")]
    [InlineData("", "buf.yaml: \"version\" is not set. Add \"version: v2\".")]
    [InlineData("lint: { use: [BASIC] }", "buf.yaml: \"version\" is not set. Add \"version: v2\".")]
    [InlineData("version: v9", "buf.yaml:1:10: there is no version \"v9\" here. Did you mean v1 or v2?")]
    [InlineData("version:", "buf.yaml:1:9: there is no version \"\" here. There are: v1beta1, v1, v2.")]
    [InlineData("version: v2\nfoo: 1", "buf.yaml:2:1: there is no key \"foo\" here. There are: version, name, deps, modules, lint, breaking, plugins, policies.")]
    [InlineData("version: v2\nlint:\n  excpet: [A]", "buf.yaml:3:3: there is no key \"excpet\" here. Did you mean except?")]
    [InlineData("version: v2\nbreaking:\n  ignores: [a]", "buf.yaml:3:3: there is no key \"ignores\" here. Did you mean ignore?")]
    [InlineData("version: v2\nmodules:\n  - pth: a", "buf.yaml:3:5: there is no key \"pth\" here. Did you mean path?")]
    [InlineData("version: v2\nmodules:\n  - path: a\n    lint: {used: []}", "buf.yaml:4:12: there is no key \"used\" here. Did you mean use?")]
    [InlineData("version: v2\nbuild: {}", "there is no key \"build\" here.")]
    [InlineData("version: v2\nlint: {allow_comment_ignores: true}", "there is no key \"allow_comment_ignores\" here. Did you mean disallow_comment_ignores?")]
    [InlineData("version: v1\nlint: {disallow_comment_ignores: true}", "there is no key \"disallow_comment_ignores\" here. Did you mean allow_comment_ignores?")]
    [InlineData("version: v1\nmodules: []", "there is no key \"modules\" here.")]
    [InlineData("version: v1\nbuild: {roots: [a]}", "there is no key \"roots\" here.")]
    public void Settings_that_are_wrong_are_told_with_their_place(string yaml, string message)
    {
        Write("a/v1/a.proto", "syntax = \"proto3\"; package a.v1;");
        _line.Write("buf.yaml", yaml);
        Assert.NotEqual(ExitCode.Success, Lint("--config", _line["buf.yaml"]));
        Assert.Contains(message, _line.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("version: v2\nname: a/b/c\ndeps: [a/b/d]\nplugins: [{plugin: p}]\npolicies: []\nbreaking: {use: [FILE], except: [WIRE], ignore: [a], ignore_only: {FILE: [a]}, ignore_unstable_packages: true, disable_builtin: false}")]
    [InlineData("version: v1\nname: a/b/c\ndeps: [a/b/d]\nbuild: {excludes: [x]}\nbreaking: {ignore_unstable_packages: true}\nlint: {allow_comment_ignores: true, disable_builtin: false}")]
    [InlineData("version: v1beta1\nname: a/b/c\nbuild: {roots: [.], excludes: [x]}\nlint: {allow_comment_ignores: true}")]
    [InlineData("version: v2\nmodules: [{path: ., name: a/b/c, includes: [], excludes: [], lint: {service_suffix: A, rpc_allow_same_request_response: true}, breaking: {use: [FILE]}}]")]
    public void Keys_of_buf_that_mean_nothing_here_are_accepted(string yaml)
    {
        Write("a/v1/a.proto", "syntax = \"proto3\"; package a.v1;");
        Write("buf.yaml", yaml);
        Assert.Equal(ExitCode.Success, _line.Run("lint", _line["protos"]));
        Assert.Equal("", _line.Errors);
    }

    [Theory]
    [InlineData("version: v2\ndirectories: [a]", "buf.work.yaml:1:10: there is no version \"v2\" here.")]
    [InlineData("directories: [a]", "buf.work.yaml: \"version\" is not set. Add \"version: v1\".")]
    [InlineData("version: v1\ndirectory: [a]", "buf.work.yaml:2:1: there is no key \"directory\" here. Did you mean directories?")]
    public void A_workspace_of_version_1_has_no_other_keys(string yaml, string message)
    {
        Write("a/a.proto", "syntax = \"proto3\"; package a;");
        Write("buf.work.yaml", yaml);
        Assert.Equal(ExitCode.Failure, _line.Run("lint", _line["protos"]));
        Assert.Contains(message, _line.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_that_are_nested_too_deep_are_refused_with_their_place()
    {
        Write("a/v1/a.proto", "syntax = \"proto3\"; package a.v1;");
        _line.Write("buf.yaml", "lint: " + new string('[', 200_000));
        Assert.NotEqual(ExitCode.Success, Lint("--config", _line["buf.yaml"]));
        Assert.Contains("buf.yaml:1:106: The values are nested more than 100 deep.", _line.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_rule_is_listed_and_no_name_twice()
    {
        Assert.Equal(ExitCode.Success, _line.Run("lint", "--list-rules", "--json"));
        using JsonDocument json = JsonDocument.Parse(_line.Output);
        Assert.Equal(LintRules.All.Select(rule => rule.Name), json.RootElement.EnumerateArray().Select(rule => rule.GetProperty("rule").GetString()));
        Assert.Equal(LintRules.All.Count, LintRules.All.DistinctBy(rule => rule.Name).Count());
    }

    private IEnumerable<string> Rules() =>
        _line.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[(line.LastIndexOf('(') + 1)..^1]);

    private void Write(string name, string text) => _line.Write("protos/" + name, text);

    private int Lint(params string[] args)
    {
        _line.Clear();
        return _line.Run(["lint", _line["protos"], "-I", _line["protos"], .. args]);
    }
}
