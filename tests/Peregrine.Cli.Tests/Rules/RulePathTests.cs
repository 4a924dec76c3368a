// SPDX-License-Identifier: Apache-2.0

using System.Xml.Linq;
using Xunit;

namespace Peregrine.Cli.Tests.Rules;

/// <summary>Which files <c>lint</c> and <c>breaking</c> look at, where their settings lie, and how findings are grouped by file.</summary>
public sealed class RulePathTests : IDisposable
{
    private readonly CommandLine _line = new();

    public RulePathTests()
    {
        _line.Write("a/v1/a.proto", "syntax = \"proto3\"; package a.v1; import \"b/v1/b.proto\"; message m { b.v1.n n = 1; }");
        _line.Write("a/v1/deep/c.proto", "syntax = \"proto3\"; package a.v1.deep.v1; message o {}");
        _line.Write("b/v1/b.proto", "syntax = \"proto3\"; package b.v1; message n {}");
        _line.Write("buf.yaml", "version: v2\nlint: {use: [MESSAGE_PASCAL_CASE]}");
    }

    public void Dispose() => _line.Dispose();

    [Theory]
    [InlineData("", "", "m o n")]
    [InlineData("a", "", "m o")]
    [InlineData("a/v1/a.proto", "", "m")]
    [InlineData("a/v1/a.proto b", "", "m n")]
    [InlineData("", "a", "n")]
    [InlineData("a", "a/v1/deep", "m")]
    [InlineData("a nowhere", "", "m o")]
    public void Paths_choose_files_and_others_are_still_imported(string only, string except, string found)
    {
        _ = Lint([.. Flags("--path", only), .. Flags("--exclude-path", except)]);
        Assert.Equal("", _line.Errors);
        Assert.Equal(found.Split(' '), Messages());
    }

    [Theory]
    [InlineData("--path", "nowhere")]
    [InlineData("--exclude-path", ".")]
    public void A_choice_without_files_is_an_error(string flag, string path)
    {
        Assert.Equal(ExitCode.Failure, Lint(flag, _line[path]));
        Assert.Contains("There is no .proto file to look at", _line.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_are_not_chosen_may_be_broken()
    {
        _line.Write("b/v1/broken.proto", "this is no proto");
        Assert.Equal(ExitCode.Failure, Lint("--path", _line["a"]));
        Assert.Equal(["m", "o"], Messages());
        Assert.Equal(ExitCode.Failure, Lint("--exclude-path", _line["b/v1/broken.proto"]));
        Assert.Equal(["m", "o", "n"], Messages());
    }

    [Fact]
    public void Settings_of_a_workspace_above_are_found_and_the_folder_alone_is_looked_at()
    {
        Assert.Equal(ExitCode.Failure, LintFolder("a/v1/deep"));
        Assert.Equal(["o"], Messages());
        _line.Write("buf.yaml", "version: v2\nmodules: [{path: a, lint: {use: [MESSAGE_PASCAL_CASE]}}, {path: b, lint: {use: [PACKAGE_DEFINED]}}]");
        _line.Write("a/v1/a.proto", "syntax = \"proto3\"; package a.v1; import \"v1/b.proto\"; message m { b.v1.n n = 1; }");
        Assert.Equal(ExitCode.Failure, LintFolder("a"));
        Assert.Equal(["m", "o"], Messages());
        Assert.Equal(ExitCode.Success, LintFolder("b/v1"));
    }

    [Fact]
    public void Settings_of_version_1_hold_for_their_own_folder_only()
    {
        _line.Write("buf.yaml", "version: v1\nlint: {use: [PACKAGE_DEFINED]}");
        Assert.Equal(ExitCode.Failure, LintFolder("b"));
        Assert.Contains("(MESSAGE_PASCAL_CASE)", _line.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_of_version_1_beta_list_the_roots_of_imports()
    {
        _line.Write("beta/buf.yaml", "version: v1beta1\nbuild: {roots: [p, q], excludes: [q/skipped]}\nlint: {use: [STYLE_BASIC, SENSIBLE], ignore: [y/v1]}");
        _line.Write("beta/p/x/v1/x.proto", "syntax = \"proto3\"; package x.v1; import \"y/v1/y.proto\"; message m { y.v1.n _Descriptor_ = 1; }");
        _line.Write("beta/q/y/v1/y.proto", "syntax = \"proto3\"; package y.v1; message n {}");
        _line.Write("beta/q/skipped/z.proto", "this is no proto");
        Assert.Equal(ExitCode.Failure, LintFolder("beta"));
        Assert.Equal("", _line.Errors);
        Assert.Equal(["MESSAGE_PASCAL_CASE", "FIELD_LOWER_SNAKE_CASE", "FIELD_NO_DESCRIPTOR"], Rules());
    }

    [Fact]
    public void Breaking_tells_of_the_chosen_files_only_deleted_ones_too()
    {
        _line.Write("before/a/v1/a.proto", "syntax = \"proto3\"; package a.v1; message m { int32 gone = 2; }");
        _line.Write("before/a/v1/gone.proto", "syntax = \"proto3\"; package a.v1;");
        _line.Write("before/b/v1/b.proto", "syntax = \"proto3\"; package b.v1; message n { int32 gone = 2; }");
        _line.Write("now/a/v1/a.proto", "syntax = \"proto3\"; package a.v1; message m {}");
        _line.Write("now/b/v1/b.proto", "syntax = \"proto3\"; package b.v1; message n {}");
        Assert.Equal(3, Breaking().Length);
        Assert.All(Breaking("--path", _line["now/a"]), line => Assert.Contains("a/v1/", line, StringComparison.Ordinal));
        Assert.Equal(2, Breaking("--path", _line["now/a"]).Length);
        Assert.Single(Breaking("--exclude-path", _line["now/a"]));
        Assert.Single(Breaking("--path", _line["now/a/v1/gone.proto"]));
    }

    [Theory]
    [InlineData("lint")]
    [InlineData("format", "--check")]
    [InlineData("list", "--proto")]
    public void Links_that_lead_back_are_not_followed(params string[] command)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links ask for privileges there.");
        _line.Write("loop/x/x.proto", "syntax = \"proto3\"; package x; message m {}");
        _line.Write("other/y.proto", "syntax = \"proto3\"; package y; message n {}");
        Directory.CreateSymbolicLink(_line["loop/self"], ".");
        Directory.CreateSymbolicLink(_line["loop/x/up"], _line["loop"]);
        Directory.CreateSymbolicLink(_line["loop/other"], "../other");
        Directory.CreateSymbolicLink(_line["other/back"], "../loop/other");
        Directory.CreateSymbolicLink(_line["loop/itself"], "itself");
        _ = _line.Run([.. command, _line["loop"]]);
        Assert.Equal("", _line.Errors);
        if (command[0] == "lint")
        {
            Assert.Equal(["m", "n"], Messages().Order(StringComparer.Ordinal));
        }
    }

    [Theory]
    [InlineData("--path", "now/a/v1/nope.proto")]
    [InlineData("--path", "nowhere")]
    [InlineData("--exclude-path", "now")]
    public void Breaking_refuses_a_choice_without_files(string flag, string path)
    {
        _line.Write("before/a/v1/a.proto", "syntax = \"proto3\"; package a.v1; message m { int32 gone = 2; }");
        _line.Write("now/a/v1/a.proto", "syntax = \"proto3\"; package a.v1; message m {}");
        Assert.Equal(ExitCode.Failure, _line.Run("breaking", _line["now"], "--against", _line["before"], flag, _line[path]));
        Assert.Contains("There is no .proto file to compare", _line.Errors, StringComparison.Ordinal);
        Assert.Empty(Breaking("--path", _line["now/a"], "--use", "WIRE", "--except", "WIRE"));
    }

    [Fact]
    public void The_report_for_JUnit_has_a_suite_for_each_file()
    {
        Assert.Equal(ExitCode.Failure, Lint("--error-format", "junit"));
        var suites = XElement.Parse(_line.Output).Elements("testsuite").ToList();
        Assert.Equal(3, suites.Count);
        Assert.EndsWith("a/v1/a", suites[0].Attribute("name")!.Value, StringComparison.Ordinal);
        Assert.Equal("1", suites[0].Attribute("failures")!.Value);
        var test = Assert.Single(suites[0].Elements("testcase"));
        Assert.Equal("MESSAGE_PASCAL_CASE_1_65", test.Attribute("name")!.Value);
        Assert.EndsWith("a/v1/a.proto:1:65:Message name \"m\" should be PascalCase, such as \"M\".", test.Element("failure")!.Attribute("message")!.Value, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Success, Lint("--error-format", "junit", "--use", "PACKAGE_DEFINED"));
        Assert.Equal("", _line.Output);
    }

    private IEnumerable<string> Flags(string flag, string paths) =>
        paths.Split(' ', StringSplitOptions.RemoveEmptyEntries).SelectMany(path => new[] { flag, _line[path] });

    private IEnumerable<string> Messages() => Lines().Select(line => line.Split('"')[1]);

    private IEnumerable<string> Rules() => Lines().Select(line => line[(line.LastIndexOf('(') + 1)..^1]);

    private string[] Lines() => _line.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private string[] Breaking(params string[] args)
    {
        _line.Clear();
        _ = _line.Run(["breaking", _line["now"], "--against", _line["before"], .. args]);
        Assert.Equal("", _line.Errors);
        return Lines();
    }

    private int Lint(params string[] args) => Run(_line.Folder, args);

    private int LintFolder(string name) => Run(_line[name], []);

    private int Run(string folder, string[] args)
    {
        _line.Clear();
        return _line.Run(["lint", folder, .. args]);
    }
}
