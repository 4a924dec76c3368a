// SPDX-License-Identifier: Apache-2.0

using Xunit;

namespace Peregrine.Build.Tests;

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
        using var project = new ScratchProject(Items);
        project.Write("Protos/hello.proto", Hello);
        project.Write("Protos/shared.proto", Shared);
        project.Write("User.cs", User);
        await project.Run(true);
        var first = project.LastRun();

        await project.Run(true, "--no-restore");
        Assert.Equal(first, project.LastRun());

        project.Write("Protos/shared.proto", Shared.Replace("text", "label", StringComparison.Ordinal));
        var log = await project.Run(false, "--no-restore");
        Assert.Contains("error CS0117", log, StringComparison.Ordinal);
        Assert.True(project.LastRun() > first);

        // A renamed file leaves no old class behind; Clean leaves nothing.
        project.Write("Protos/renamed.proto", Shared);
        File.Delete(Path.Combine(project.ProjectDirectory, "Protos", "shared.proto"));
        project.Write("Protos/hello.proto", Hello.Replace("shared.proto", "renamed.proto", StringComparison.Ordinal));
        await project.Run(true, "--no-restore");
        Assert.Null(project.Find("Shared.cs"));
        Assert.NotNull(project.Find("Renamed.cs"));

        await project.Run(true, "-t:Clean");
        Assert.Null(project.Find("Renamed.cs"));
        Assert.Null(project.Find("Scratch.protobuf.*"));
    }

    [Fact]
    public async Task Errors_are_shown_at_the_line_of_the_proto_file()
    {
        using var project = new ScratchProject(Items);
        project.Write("Protos/wrong.proto", "syntax = \"proto3\";\nmessage M {\n  strin a = 1;\n  int32 b = 0;\n}\n");
        var log = await project.Run(false);
        Assert.Matches(@"Protos[/\\]wrong\.proto\(3,3\): error PRG\d+: ", log);
        Assert.DoesNotContain("MSB3073", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metadata_are_honoured()
    {
        using var project = new ScratchProject("""
            <Protobuf Include="../contracts/api/outer.proto" ProtoRoot="../contracts" AdditionalImportDirs="../one;../two" Link="Protos/outer.proto" Access="Internal" GrpcServices="None" />
            <Protobuf Include="Protos/written.proto" OutputDir="Written" GrpcServices="None" />
            <Protobuf Include="Protos/not_compiled.proto" CompileOutputs="false" GrpcServices="None" />
            <Protobuf Include="Protos/not_generated.proto" ProtoCompile="false" />
            """);
        project.Write("../contracts/api/outer.proto", "syntax = \"proto3\"; package outer; import \"first.proto\"; import \"second.proto\"; message Outer { int32 a = 1; }");
        project.Write("../one/first.proto", "syntax = \"proto3\"; package outer;");
        project.Write("../two/second.proto", "syntax = \"proto3\"; package outer;");
        project.Write("Protos/written.proto", "syntax = \"proto3\"; package written; message Written {}");
        project.Write("Protos/not_compiled.proto", "syntax = \"proto3\"; package other; message NotCompiled {}");
        project.Write("Protos/not_generated.proto", "syntax = \"proto3\"; package other; message NotGenerated {}");
        // The two imports generate nothing here, so their reflection classes are supplied as another assembly would.
        project.Write("Imports.cs", """
            namespace Outer
            {
                public static class FirstReflection { public static Peregrine.Protobuf.Reflection.FileDescriptor Descriptor => null!; }
                public static class SecondReflection { public static Peregrine.Protobuf.Reflection.FileDescriptor Descriptor => null!; }
                internal static class User { public static object Made => new Outer(); public static object Other => new Written.Written(); }
            }
            """);
        await project.Run(true);
        Assert.Equal(Path.Combine(project.ProjectDirectory, "Written", "Protos", "Written.cs"), project.Find("Written.cs"));
        Assert.NotNull(project.Find("NotCompiled.cs"));
        Assert.Null(project.Find("NotGenerated.cs"));
        Assert.Contains("internal sealed partial class Outer", await File.ReadAllTextAsync(project.Find("Outer.cs")!, TestContext.Current.CancellationToken), StringComparison.Ordinal);

        project.Write("Imports.cs", "internal static class User { public static object Made => new Other.NotCompiled(); }");
        Assert.Contains("error CS0246", await project.Run(false, "--no-restore"), StringComparison.Ordinal);

        await project.Run(true, "-t:Clean");
        Assert.Null(project.Find("Written.cs"));
    }

    [Fact]
    public async Task A_value_that_is_not_known_is_an_error_that_names_the_choices()
    {
        using var project = new ScratchProject("""<Protobuf Include="a.proto" GrpcServices="Clients" />""");
        project.Write("a.proto", "syntax = \"proto3\";");
        Assert.Contains("say Both, Client, Server, None", await project.Run(false), StringComparison.Ordinal);
    }
}
