// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Compiler.Sources;
using Xunit;

namespace Peregrine.Protobuf.Compiler.Tests.Language;

public sealed class ImportRootsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("peregrine roots ").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Imports_that_resolve_from_the_project_need_no_other_root()
    {
        Write("project/Protos/a.proto", "import \"Protos/b.proto\"; import \"google/protobuf/any.proto\";");
        Write("project/Protos/b.proto");
        Assert.Equal([In("project")], Infer(["project/Protos/a.proto", "project/Protos/b.proto"]));
    }

    [Fact]
    public void An_import_beside_the_file_makes_its_directory_a_root()
    {
        Write("project/Protos/a.proto", "import \"b.proto\";");
        Write("project/Protos/b.proto");
        Assert.Equal([In("project/Protos"), In("project")], Infer(["project/Protos/a.proto", "project/Protos/b.proto"]));
    }

    [Fact]
    public void The_project_directory_wins_over_the_directory_of_the_file()
    {
        Write("project/Protos/a.proto", "import \"b.proto\";");
        Write("project/Protos/b.proto");
        Write("project/b.proto");
        Assert.Equal([In("project")], Infer(["project/Protos/a.proto"]));
    }

    [Fact]
    public void An_import_by_package_path_makes_the_directory_above_the_package_a_root()
    {
        Write("project/protos/acme/v1/user.proto", "package acme.v1; import \"acme/v1/name.proto\";");
        Write("project/protos/acme/v1/name.proto", "package acme.v1;");
        Assert.Equal([In("project/protos"), In("project")], Infer(["project/protos/acme/v1/user.proto"]));
    }

    [Fact]
    public void What_an_import_imports_is_looked_at_too()
    {
        Write("project/a.proto", "import \"lib/b.proto\";");
        Write("project/lib/b.proto", "import \"c.proto\";");
        Write("project/lib/c.proto");
        Assert.Equal([In("project/lib"), In("project")], Infer(["project/a.proto"]));
    }

    [Fact]
    public void An_import_of_another_file_of_the_set_is_found_wherever_that_lies()
    {
        Write("project/a.proto", "import \"acme/b.proto\";");
        Write("shared/protos/acme/b.proto");
        Assert.Equal([In("shared/protos"), In("project")], Infer(["project/a.proto", "shared/protos/acme/b.proto"]));
    }

    [Fact]
    public void A_file_outside_of_the_project_is_called_by_its_package_if_its_directories_are()
    {
        Write("elsewhere/acme/v1/a.proto", "package acme.v1;");
        Write("other/b.proto", "package acme.v1;");
        Assert.Equal([In("project"), In("elsewhere"), In("other")], Infer(["elsewhere/acme/v1/a.proto", "other/b.proto"]));
    }

    [Fact]
    public void Declared_roots_come_first_and_are_enough_when_they_resolve_all()
    {
        Write("project/a.proto", "import \"acme/b.proto\";");
        Write("one/acme/b.proto");
        Write("project/nested/acme/b.proto");
        Assert.Equal([In("one"), In("project")], Infer(["project/a.proto"], "one"));
    }

    [Fact]
    public void Inferred_roots_make_files_compile_that_import_each_other_in_another_way_than_the_project_names_them()
    {
        Write("project/protos/acme/v1/user.proto", "syntax = \"proto3\"; package acme.v1; import \"acme/v1/name.proto\"; message User { Name name = 1; }");
        Write("project/protos/acme/v1/name.proto", "syntax = \"proto3\"; package acme.v1; message Name { string text = 1; }");
        string[] files = [In("project/protos/acme/v1/user.proto"), In("project/protos/acme/v1/name.proto")];
        ImportResolver resolver = new();
        foreach (string root in ImportRoots.Infer(files, [], In("project")))
        {
            resolver.AddSearchPath(root);
        }

        CompilationResult result = new Compilation(resolver).Compile(files.Select(file => resolver.TryGetImportPath(file, out string? path) ? path : "?"));
        Assert.Empty(result.Diagnostics);
        Assert.Equal(["acme/v1/user.proto", "acme/v1/name.proto"], result.Roots.Select(file => file.Path));
    }

    [Theory]
    [InlineData("acme/b.proto", "up/acme/b.proto", "up")]
    [InlineData("acme/b.proto", "up/third_party/acme/b.proto", "up/third_party")]
    [InlineData("acme/b.proto", "up/elsewhere/deeper/acme/b.proto", null)]
    [InlineData("../b.proto", "b.proto", null)]
    public void A_root_that_would_resolve_an_import_is_suggested(string import, string lies, string? root)
    {
        Write("up/project/a.proto");
        Write(lies);
        Assert.Equal(root is null ? null : In(root), ImportRoots.Suggest(import, In("up/project/a.proto")));
    }

    [Fact]
    public void A_missing_import_names_the_root_that_would_resolve_it()
    {
        Write("project/a.proto", "syntax = \"proto3\"; import \"acme/b.proto\";");
        Write("project/third_party/acme/b.proto", "syntax = \"proto3\";");
        ImportResolver resolver = new();
        resolver.AddSearchPath(In("project"));
        string? hint = Assert.Single(new Compilation(resolver).Compile("a.proto").Diagnostics).Hint;
        Assert.EndsWith($"It lies below \"{In("project/third_party")}\": make that directory an import root.", hint, StringComparison.Ordinal);
    }

    private IReadOnlyList<string> Infer(string[] files, params string[] declared) =>
        ImportRoots.Infer(files.Select(In), declared.Select(In), In("project"));

    private string In(string path) => Path.Combine(_folder, path.Replace('/', Path.DirectorySeparatorChar));

    private void Write(string path, string text = "")
    {
        Directory.CreateDirectory(Path.GetDirectoryName(In(path))!);
        File.WriteAllText(In(path), text);
    }
}
