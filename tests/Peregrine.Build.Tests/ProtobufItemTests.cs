// SPDX-License-Identifier: Apache-2.0

using Xunit;

namespace Peregrine.Build.Tests;

/// <summary>Builds projects as users have them; what needs no build is tested in the other classes.</summary>
public class ProtobufItemTests
{
    private const string Hello = """
        syntax = "proto3";
        package greet;
        import "Protos/shared.proto";
        message Hello { Shared shared = 1; }
        """;

    private const string Shared = """
        syntax = "proto3";
        package greet;
        message Shared { string text = 1; }
        """;

    private const string User = """
        public static class User
        {
            public static string Text => new Greet.Hello { Shared = new Greet.Shared { Text = "x" } }.Shared.Text;
        }
        """;

    private const string Items = """<Protobuf Include="Protos/*.proto" GrpcServices="None" />""";

    [Fact]
    public async Task A_build_without_changes_does_no_work_and_every_change_is_seen()
    {
        using var tree = new ScratchTree();
        tree.Project("App", Items);
        tree.Write("App/Protos/hello.proto", Hello);
        tree.Write("App/Protos/shared.proto", Shared);
        tree.Write("App/User.cs", User);
        await tree.Build(true, "App");
        var first = tree.LastRun("App");

        // Content counts, not time.
        File.SetLastWriteTimeUtc(tree.PathOf("App/Protos/shared.proto"), DateTime.UtcNow);
        await tree.Build(true, "App", "--no-restore");
        Assert.Equal(first, tree.LastRun("App"));

        tree.Write("App/Protos/shared.proto", Shared.Replace("text", "label", StringComparison.Ordinal));
        File.SetLastWriteTimeUtc(tree.PathOf("App/Protos/shared.proto"), first.AddDays(-1));
        var log = await tree.Build(false, "App", "--no-restore");
        Assert.Contains("error CS0117", log, StringComparison.Ordinal);
        Assert.True(tree.LastRun("App") > first);

        // A renamed file leaves no old class behind; Clean leaves nothing.
        tree.Write("App/Protos/renamed.proto", Shared);
        File.Delete(tree.PathOf("App/Protos/shared.proto"));
        tree.Write("App/Protos/hello.proto", Hello.Replace("shared.proto", "renamed.proto", StringComparison.Ordinal));
        await tree.Build(true, "App", "--no-restore");
        Assert.Null(tree.Find("App", "Shared.cs"));
        Assert.NotNull(tree.Find("App", "Renamed.cs"));

        await tree.Build(true, "App", "-t:Clean");
        Assert.Null(tree.Find("App", "Renamed.cs"));
        Assert.Null(tree.Find("App", "App.protobuf.*"));
    }

    [Fact]
    public async Task Errors_are_shown_at_the_line_of_the_proto_file_and_warnings_count_as_errors_where_the_project_says_so()
    {
        using var tree = new ScratchTree();
        tree.Project("App", Items);
        tree.Write("App/Protos/wrong.proto", "syntax = \"proto3\";\nmessage M {\n  strin a = 1;\n  int32 b = 0;\n}\n");
        var log = await tree.Build(false, "App");
        Assert.Matches(@"Protos[/\\]wrong\.proto\(3,3\): error PRG\d+: ", log);
        Assert.Contains("error PRG9006: Nothing was generated for App.csproj", log, StringComparison.Ordinal);
        Assert.DoesNotContain("MSB3073", log, StringComparison.Ordinal);

        tree.Write("App/Protos/wrong.proto", "syntax = \"proto3\";\nimport \"google/protobuf/any.proto\";\n");
        for (var i = 0; i < 2; i++)
        {
            Assert.Matches(@"wrong\.proto\(2,1\): error PRG1205: ", await tree.Build(false, "App", "--no-restore"));
        }
    }

    [Fact]
    public async Task Metadata_are_honoured_and_names_may_hold_any_character()
    {
        using var tree = new ScratchTree();
        tree.Project("App", """
            <Protobuf Include="../contracts/api/outer.proto" ProtoRoot="../contracts" AdditionalImportDirs="../one;../two" Link="Protos/outer.proto" Access="Internal" GrpcServices="None" />
            <Protobuf Include="../one/*.proto;../two/*.proto" Access="Internal" GrpcServices="None" />
            <Protobuf Include="Protos/written.proto" OutputDir="Written" ProtoRoot="Protos" GrpcServices="None" />
            <Protobuf Include="Protos/not_compiled.proto" CompileOutputs="false" GrpcServices="None" />
            <Protobuf Include="Protos/not_generated.proto" ProtoCompile="False" />
            <Protobuf Include="odd/**/*.proto" GrpcServices="None" />
            """);
        tree.Write("contracts/api/outer.proto", "syntax = \"proto3\"; package outer; import \"first.proto\"; import \"second.proto\"; message Outer { First a = 1; Second b = 2; }");
        tree.Write("one/first.proto", "syntax = \"proto3\"; package outer; message First {}");
        tree.Write("two/second.proto", "syntax = \"proto3\"; package outer; message Second {}");
        tree.Write("App/Protos/written.proto", "syntax = \"proto3\"; package written; message Written {}");
        tree.Write("App/Protos/not_compiled.proto", "syntax = \"proto3\"; package other; message NotCompiled {}");
        tree.Write("App/Protos/not_generated.proto", "syntax = \"proto3\"; package other; message NotGenerated {}");
        tree.Write("App/odd/a;b (%41) $(x) @(y) 'q' ü/o;d%41d.proto", "syntax = \"proto3\"; package odd; message Odd {}");
        tree.Write("App/User.cs", "internal static class User { public static object[] Made => [new Outer.Outer { A = new Outer.First() }, new Odd.Odd(), new Written.Written()]; }");
        await tree.Build(true, "App");
        Assert.Equal(tree.PathOf("App/Written/Written.cs"), tree.Find("App", "Written.cs"));
        Assert.NotNull(tree.Find("App", "NotCompiled.cs"));
        Assert.Null(tree.Find("App", "NotGenerated.cs"));
        Assert.Contains("internal sealed partial class Outer", await File.ReadAllTextAsync(tree.Find("App", "Outer.cs")!, TestContext.Current.CancellationToken), StringComparison.Ordinal);

        tree.Write("App/User.cs", "internal static class User { public static object Made => new Other.NotCompiled(); }");
        Assert.Contains("error CS0246", await tree.Build(false, "App", "--no-restore"), StringComparison.Ordinal);

        await tree.Build(true, "App", "-t:Clean");
        Assert.Null(tree.Find("App", "Written.cs"));
    }
}
