// SPDX-License-Identifier: Apache-2.0

using Xunit;

namespace Peregrine.Build.Tests;

/// <summary>.proto files shared by projects that reference each other.</summary>
public class SharingTests
{
    [Fact]
    public async Task Files_of_referenced_projects_are_imported_without_a_word_and_their_types_are_generated_once()
    {
        using var tree = new ScratchTree();
        tree.Project("Lib", """<Protobuf Include="Protos/*.proto" GrpcServices="None" />""");
        tree.Write("Lib/Protos/shared.proto", "syntax = \"proto3\"; package lib; message Shared { int32 a = 1; }");
        tree.Project("Middle", """<ProjectReference Include="../Lib/Lib.csproj" />""");
        tree.Project("App", """
            <ProjectReference Include="../Middle/Middle.csproj" />
            <Protobuf Include="Protos/*.proto;../Lib/Protos/*.proto" GrpcServices="None" />
            """);
        tree.Write("App/Protos/app.proto", "syntax = \"proto3\"; package app; import \"Protos/shared.proto\"; message Mine { lib.Shared shared = 1; }");
        tree.Write("App/User.cs", "public static class User { public static App.Mine Made => new() { Shared = new Lib.Shared() }; }");
        await tree.Build(true, "App");
        Assert.NotNull(tree.Find("App", "App.cs"));
        Assert.Null(tree.Find("App", "Shared.cs"));

        // What an IDE asks for: the items that the compiler would get.
        var log = await tree.Build(
            true, "App", "--no-restore", "-t:Compile", "-p:DesignTimeBuild=true", "-p:SkipCompilerExecution=true", "-p:ProvideCommandLineArgs=true", "-p:BuildProjectReferences=false", "-getItem:Compile");
        Assert.Contains("App.cs\"", log, StringComparison.Ordinal);

        var before = tree.LastRun("App");
        await tree.Build(true, "App", "--no-restore");
        Assert.Equal(before, tree.LastRun("App"));
    }
}
