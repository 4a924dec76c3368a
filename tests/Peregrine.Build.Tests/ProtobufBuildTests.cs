// SPDX-License-Identifier: Apache-2.0

using System.Security.Cryptography;
using Xunit;

// What the project of these tests would say if it had made the types of this file.
[assembly: System.Reflection.AssemblyMetadata("Peregrine.ProtoFile", "cfcc90fc004ced3ff4a14a0c90ec188a messages,client held/held.proto")]

namespace Peregrine.Build.Tests;

/// <summary>Requests run in this process.</summary>
public sealed class ProtobufBuildTests : IDisposable
{
    private const string Held = "syntax = \"proto3\";\npackage held;\nmessage Held {}\nservice S { rpc M(Held) returns (Held); }\n";

    private readonly RequestFolder _folder = new();

    [Fact]
    public void Folders_of_sources_are_kept_apart_in_the_intermediate_directory()
    {
        _folder.Write("app/a/x.proto", "syntax = \"proto3\"; package a; message X {}");
        _folder.Write("one/x.proto", "syntax = \"proto3\"; package one; message X {}");
        _folder.Write("two/x.proto", "syntax = \"proto3\"; package two; message X {}");
        _folder.Item("app/a/x.proto");
        _folder.Item("one/x.proto");
        _folder.Item("two/x.proto");
        AssertSuccess();
        Assert.Equal(["app/obj/__/one/X.cs", "app/obj/__/two/X.cs", "app/obj/a/X.cs", "app/obj/app.protobuf.cs"], _folder.List("outputs"));
    }

    [Fact]
    public void Below_an_output_directory_folders_are_those_of_the_import_path()
    {
        _folder.Write("app/Protos/v1/x.proto", "syntax = \"proto3\"; package a; message X {} service S { rpc M(X) returns (X); }");
        _folder.Item("app/Protos/v1/x.proto", "root=Protos outputdir=Out grpcoutputdir=Stubs");
        AssertSuccess();
        Assert.Equal(["app/Out/v1/X.cs", "app/Stubs/v1/XGrpc.cs", "app/obj/app.protobuf.cs"], _folder.List("outputs"));
        Assert.Equal(["app/Protos"], _folder.List("roots"));
    }

    [Theory]
    [InlineData("Client, Server", true, true)]
    [InlineData("client;server", true, true)]
    [InlineData("Server", false, true)]
    [InlineData("Both", true, true)]
    [InlineData("", true, true)]
    [InlineData("None", false, false)]
    public void Lists_of_service_halves_are_understood(string value, bool client, bool server)
    {
        _folder.Write("app/x.proto", "syntax = \"proto3\"; package a; message X {} service S { rpc M(X) returns (X); }");
        _folder.Line($"file={_folder.PathOf("app/x.proto")}\tservices={value}");
        AssertSuccess();
        var services = File.Exists(_folder.PathOf("app/obj/XGrpc.cs")) ? File.ReadAllText(_folder.PathOf("app/obj/XGrpc.cs")) : "";
        Assert.Equal(client, services.Contains("class SClient", StringComparison.Ordinal));
        Assert.Equal(server, services.Contains("class SBase", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("services=Clients", "say Both, Client, Server, None")]
    [InlineData("access=Private", "say Public or Internal")]
    [InlineData("generate=perhaps", "ProtoCompile=\"perhaps\"")]
    [InlineData("nullable=perhaps", "nullable=true")]
    [InlineData("options=nothing", "The C# option \"nothing\" is not known")]
    [InlineData("arguments=--descriptor_set_out=x", "--descriptor_set_out=x")]
    public void A_value_that_is_not_known_is_an_error_that_names_the_choices(string metadata, string text)
    {
        _folder.Write("app/x.proto", "syntax = \"proto3\";");
        _folder.Item("app/x.proto", metadata);
        AssertFailure(text);
    }

    [Fact]
    public void Arguments_and_options_of_older_projects_are_honoured()
    {
        _folder.Write("app/x.proto", "syntax = \"proto3\"; package a; import \"far.proto\"; message X { Far far = 1; }");
        _folder.Write("elsewhere/far.proto", "syntax = \"proto3\"; package a; message Far {}");
        _folder.Item("app/x.proto", "arguments=--experimental_allow_proto3_optional;-I../elsewhere options=file_extension=.g.cs;internal_access");
        _folder.Item("elsewhere/far.proto", "generate=False");
        AssertSuccess();
        Assert.Contains("internal sealed partial class X", File.ReadAllText(_folder.PathOf("app/obj/X.g.cs")), StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_file_twice_is_an_error_unless_both_items_say_the_same()
    {
        _folder.Write("app/x.proto", "syntax = \"proto3\"; message X {}");
        _folder.Item("app/x.proto");
        _folder.Item("app/x.proto");
        AssertSuccess();
        _folder.Item("app/x.proto", "access=Internal");
        AssertFailure("error PRG9008");
    }

    [Fact]
    public void A_failed_run_leaves_what_the_last_good_one_wrote()
    {
        _folder.Write("app/x.proto", "syntax = \"proto3\"; message X {}");
        _folder.Item("app/x.proto");
        AssertSuccess();
        var before = File.ReadAllText(_folder.PathOf("app/obj/X.cs"));
        var hashes = _folder.Lines("hashes");
        _folder.Write("app/x.proto", "syntax = \"proto3\"; message X { int32 a = 1; }");
        _folder.Write("app/y.proto", "syntax = \"proto3\"; message Y { strin a = 1; }");
        _folder.Item("app/y.proto");
        AssertFailure("y.proto(1,32): error PRG");
        Assert.Equal(before, File.ReadAllText(_folder.PathOf("app/obj/X.cs")));
        Assert.Equal(hashes, _folder.Lines("hashes"));
    }

    [Fact]
    public void A_run_that_is_broken_off_does_not_count_and_the_next_one_removes_what_it_wrote()
    {
        _folder.Write("app/x.proto", "syntax = \"proto3\"; message X {}");
        _folder.Item("app/x.proto");
        AssertSuccess();

        // A folder where a file must go: by then Y.cs is written.
        Directory.CreateDirectory(_folder.PathOf("app/obj/Z.cs/in the way"));
        _folder.Write("app/y.proto", "syntax = \"proto3\"; message Y {}");
        _folder.Write("app/z.proto", "syntax = \"proto3\"; message Z {}");
        _folder.Item("app/y.proto");
        _folder.Item("app/z.proto");
        AssertFailure($"The file \"{_folder.PathOf("app/obj/Z.cs")}\" cannot be written: ");
        Assert.True(File.Exists(_folder.PathOf("app/obj/Y.cs")));
        Assert.False(File.Exists(_folder.PathOf("app/obj/app.protobuf.hashes")));

        _folder.Clear();
        _folder.Item("app/x.proto");
        AssertSuccess();
        Assert.False(File.Exists(_folder.PathOf("app/obj/Y.cs")));
        Assert.True(File.Exists(_folder.PathOf("app/obj/X.cs")));
    }

    [Theory]
    [InlineData("written")]
    [InlineData("outputs")]
    [InlineData("packed")]
    public void A_list_that_is_gone_or_changed_is_a_change(string list)
    {
        _folder.Write("app/x.proto", "syntax = \"proto3\"; message X {}");
        _folder.Item("app/x.proto");
        AssertSuccess();
        Assert.Contains("app/obj/app.protobuf." + list, _folder.List("inputs"));
    }

    [Fact]
    public void Folders_with_characters_that_the_CSharp_compiler_reads_get_plain_ones_below_the_intermediate_directory()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Names cannot hold them there.");
        _folder.Write("app/a\"b|c*d?e<f>g/x.proto", "syntax = \"proto3\"; message X {}");
        _folder.Item("app/a\"b|c*d?e<f>g/x.proto");
        AssertSuccess();
        Assert.Contains("app/obj/a_22b_7cc_2ad_3fe_3cf_3eg/X.cs", _folder.List("outputs"));
    }

    [Fact]
    public void A_backslash_in_a_name_is_told_as_such()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "It parts folders there.");
        _folder.Write("app/a\\b.proto", "syntax = \"proto3\"; message X {}");
        _folder.Item("app/a\\b.proto");
        AssertFailure("a\\b.proto : error PRG9003: An import path has no backslash");
    }

    [Fact]
    public void Names_that_differ_in_case_only_are_one_file_where_the_system_says_so()
    {
        _folder.Write("app/x.proto", "");
        _folder.Run();
        var request = BuildRequest.Read(_folder.PathOf("app/obj/app.protobuf.request"));
        using var text = new StringWriter();
        var log = new BuildLog(text, request.Warnings);
        var outputs = new GeneratedOutputs(request, log, StringComparer.OrdinalIgnoreCase);
        outputs.Add(_folder.PathOf("app/Out"), "X.cs", [1], compile: true);
        outputs.Write();
        outputs.RemoveStale([_folder.PathOf("app/out/x.cs"), _folder.PathOf("app/Out/X.cs")]);
        Assert.True(File.Exists(_folder.PathOf("app/Out/X.cs")));
        outputs.Add(_folder.PathOf("app/out"), "x.cs", [2], compile: true);
        Assert.Contains("error PRG9004", text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Inputs_hold_imports_outputs_and_the_places_where_an_import_would_be_found_first()
    {
        _folder.Write("app/x.proto", "syntax = \"proto3\"; import public \"far.proto\"; message X {}");
        _folder.Write("two/far.proto", "syntax = \"proto3\";");
        _folder.Item("app/x.proto", "imports=../one;../two");
        _folder.Item("two/far.proto", "generate=False");
        File.SetLastWriteTimeUtc(_folder.PathOf("app/x.proto"), DateTime.UnixEpoch);
        AssertSuccess();
        var inputs = _folder.List("inputs");
        Assert.Contains("one/far.proto", inputs);
        Assert.Contains("two/far.proto", inputs);
        Assert.Contains("app/obj/X.cs", inputs);

        // The targets compare with the hashes of those that are there, in this order.
        var there = inputs.Select(_folder.PathOf).Where(File.Exists).ToList();
        var hashes = _folder.Lines("hashes")[0].Split(' ');
        Assert.Equal(there.Count, hashes.Length);
        Assert.Equal(Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(_folder.PathOf("app/x.proto")))), hashes[there.IndexOf(_folder.PathOf("app/x.proto"))]);
    }

    [Fact]
    public void A_copy_of_a_project_with_its_intermediate_files_leaves_the_original_alone()
    {
        _folder.Write("app/x.proto", "syntax = \"proto3\"; message X {}");
        _folder.Item("app/x.proto", "outputdir=Out");
        AssertSuccess();
        using var copy = new RequestFolder();
        foreach (var name in (string[])["app/x.proto", "app/Out/X.cs", "app/obj/app.protobuf.cs", "app/obj/app.protobuf.written"])
        {
            copy.Write(name, File.ReadAllText(_folder.PathOf(name)));
        }

        copy.Write("app/y.proto", "syntax = \"proto3\"; message Y {}");
        copy.Item("app/y.proto", "outputdir=Out");
        Assert.True(copy.Run().Success);
        Assert.True(File.Exists(_folder.PathOf("app/Out/X.cs")));
        Assert.False(File.Exists(copy.PathOf("app/Out/X.cs")));
    }

    [Theory]
    [InlineData("", true, "warning PRG1205")]
    [InlineData("nowarn=1701;PRG1205", true, "")]
    [InlineData("warnaserror=true", false, "error PRG1205")]
    [InlineData("warnaserror=true\tnotaserrors=PRG1205", true, "warning PRG1205")]
    [InlineData("aserrors=NU1605;PRG1205", false, "error PRG1205")]
    public void Warnings_become_what_the_project_says(string properties, bool success, string text)
    {
        _folder.Write("app/x.proto", "syntax = \"proto3\";\nimport \"google/protobuf/any.proto\";\n");
        _folder.Item("app/x.proto");
        _folder.Warnings = properties;
        var (result, log) = _folder.Run();
        Assert.Equal(success, result);
        Assert.Equal(text.Length != 0, log.Contains("PRG1205", StringComparison.Ordinal));
        Assert.Contains(text, log, StringComparison.Ordinal);
    }

    [Fact]
    public void An_import_whose_types_nothing_generates_is_a_warning_that_says_what_to_add()
    {
        _folder.Write("app/x.proto", "syntax = \"proto3\"; import \"y.proto\"; message X { Y y = 1; }");
        _folder.Write("app/y.proto", "syntax = \"proto3\"; message Y {}");
        _folder.Item("app/x.proto");
        var (success, log) = _folder.Run();
        Assert.True(success);
        Assert.Contains("warning PRG9010", log, StringComparison.Ordinal);
        Assert.Contains($"<Protobuf Include=\"{_folder.PathOf("app/y.proto")}\" />", log, StringComparison.Ordinal);
    }

    [Fact]
    public void Types_that_a_referenced_assembly_holds_are_not_generated_again()
    {
        // The mark says that this file's messages and client are in the assembly of these tests; its line endings do not matter.
        Assert.Equal("cfcc90fc004ced3ff4a14a0c90ec188a", TypeMarker.DigestOf(System.Text.Encoding.UTF8.GetBytes(Held.ReplaceLineEndings("\r\n"))));
        Reference();
        _folder.Write("app/held.proto", Held);
        _folder.Item("app/held.proto", "services=Client");
        var (success, log) = _folder.Run();
        Assert.True(success, log);
        Assert.Contains("the types are in Peregrine.Build.Tests.dll", log, StringComparison.Ordinal);
        Assert.Empty(_folder.List("outputs"));

        // Another text is another file, whatever its name.
        _folder.Write("app/held.proto", Held + "message More {}\n");
        AssertSuccess();
        Assert.Contains("app/obj/Held.cs", _folder.List("outputs"));

        // On demand they are.
        _folder.Write("app/held.proto", Held);
        _folder.Clear();
        Reference();
        _folder.Item("app/held.proto", "services=Client referencedtypes=True");
        AssertSuccess();
        Assert.Contains("app/obj/Held.cs", _folder.List("outputs"));
    }

    [Fact]
    public void The_other_half_of_a_referenced_service_is_an_error_that_says_what_to_change()
    {
        Reference();
        _folder.Write("app/held.proto", Held);
        _folder.Item("app/held.proto", "services=Server");
        AssertFailure("error PRG9011");
    }

    [Fact]
    public void Types_are_imported_from_a_referenced_assembly_by_import_path_too()
    {
        Reference();
        _folder.Write("lib/held/held.proto", Held + "// changed since\n");
        _folder.Line($"referenced={_folder.PathOf("lib")}");
        _folder.Write("app/x.proto", "syntax = \"proto3\"; import \"held/held.proto\"; message X { held.Held h = 1; }");
        _folder.Item("app/x.proto");
        Assert.Equal((true, ""), _folder.Run());
        Assert.Equal(["app", "lib"], _folder.List("roots"));
    }

    [Fact]
    public void A_file_of_the_project_is_never_taken_for_one_of_a_reference_and_two_different_ones_of_references_are_a_warning()
    {
        _folder.Write("app/Protos/x.proto", "syntax = \"proto3\"; package app; message Mine {}");
        _folder.Write("lib/Protos/x.proto", "syntax = \"proto3\"; package lib; message Theirs {}");
        _folder.Write("lib/Protos/y.proto", "syntax = \"proto3\"; package lib; message Y {}");
        _folder.Write("other/Protos/y.proto", "syntax = \"proto3\"; package other; message Y {}");
        _folder.Line($"referenced={_folder.PathOf("lib")}");
        _folder.Line($"referenced={_folder.PathOf("other")}");
        _folder.Item("app/Protos/x.proto");
        AssertSuccess();
        Assert.Contains("class Mine", File.ReadAllText(_folder.PathOf("app/obj/Protos/X.cs")), StringComparison.Ordinal);

        _folder.Write("app/z.proto", "syntax = \"proto3\"; import \"Protos/y.proto\"; message Z { lib.Y y = 1; }");
        _folder.Item("app/z.proto");
        var (success, log) = _folder.Run();
        Assert.True(success, log);
        Assert.Contains("warning PRG9013", log, StringComparison.Ordinal);
    }

    [Fact]
    public void Packages_bring_their_proto_folder_as_an_import_root()
    {
        _folder.Write("packages/some/1.0.0/proto/some/thing.proto", "syntax = \"proto3\"; package some; message Thing {}");
        _folder.Write("packages/older/1.0.0/content/protos/old/thing.proto", "syntax = \"proto3\"; package old; message Thing {}");
        _folder.Write("packages/unused/1.0.0/proto/unused.proto", "syntax = \"proto3\";");
        _folder.Write("app/obj/project.assets.json", $$"""
            {
              "version": 3,
              "targets": {
                "net10.0": { "Some/1.0.0": { "type": "package" }, "Older/1.0.0": { "type": "package" }, "Lib/1.0.0": { "type": "project" } },
                "net9.0": { "Unused/1.0.0": { "type": "package" } }
              },
              "libraries": {
                "Some/1.0.0": { "type": "package", "path": "some/1.0.0", "files": [ "some.nuspec", "proto/some/thing.proto" ] },
                "Older/1.0.0": { "type": "package", "path": "older/1.0.0", "files": [ "content/protos/old/thing.proto" ] },
                "Unused/1.0.0": { "type": "package", "path": "unused/1.0.0", "files": [ "proto/unused.proto" ] },
                "Lib/1.0.0": { "type": "project", "path": "../Lib/Lib.csproj", "msbuildProject": "../Lib/Lib.csproj" }
              },
              "packageFolders": { {{System.Text.Json.JsonSerializer.Serialize(_folder.PathOf("packages"))}}: {} }
            }
            """);
        Assert.Equal(
            [_folder.PathOf("packages/some/1.0.0/proto"), _folder.PathOf("packages/older/1.0.0/content/protos")],
            PackageRoots.Find(_folder.PathOf("app/obj/project.assets.json"), "net10.0;.NETCoreApp,Version=v10.0"));
        _folder.Write("app/x.proto", "syntax = \"proto3\"; import \"some/thing.proto\"; import \"old/thing.proto\"; message X { some.Thing a = 1; old.Thing b = 2; }");
        _folder.Item("app/x.proto");
        _folder.Warnings = "nowarn=PRG9010";
        Assert.Equal((true, ""), _folder.Run());

        _folder.Write("app/obj/project.assets.json", "{ \"version\": 3 }");
        AssertFailure("restore the project again");
    }

    [Fact]
    public void Import_roots_are_found_out_and_a_missing_import_names_every_path_tried()
    {
        _folder.Write("app/Protos/x.proto", "syntax = \"proto3\"; import \"y.proto\"; message X { Y y = 1; }");
        _folder.Write("app/Protos/y.proto", "syntax = \"proto3\"; message Y {}");
        _folder.Item("app/Protos/x.proto");
        _folder.Item("app/Protos/y.proto");
        AssertSuccess();
        Assert.Equal(["x.proto", "y.proto"], _folder.Lines("packed").Select(line => line.Split('\t')[1]));

        _folder.Write("app/Protos/y.proto", "syntax = \"proto3\"; import \"z.proto\"; message Y {}");
        var log = AssertFailure("y.proto(1,");
        Assert.Contains(_folder.PathOf("app/Protos/z.proto"), log, StringComparison.Ordinal);
        Assert.Contains(_folder.PathOf("app/z.proto"), log, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_outside_of_its_declared_root_and_one_that_is_not_there_are_errors()
    {
        _folder.Write("app/x.proto", "syntax = \"proto3\";");
        _folder.Item("app/x.proto", "root=Protos");
        AssertFailure("error PRG9003");
        _folder.Clear();
        _folder.Item("app/missing.proto");
        AssertFailure("missing.proto : error PRG9002");
    }

    [Theory]
    [InlineData("protoc-gen-nowhere", "is in no directory of PATH")]
    [InlineData("tools/protoc-gen-nowhere", "Correct the path")]
    public void A_plugin_that_is_not_there_is_an_error(string plugin, string text)
    {
        _folder.Write("app/x.proto", "syntax = \"proto3\";");
        _folder.Item("app/x.proto");
        _folder.Line($"protoplugin={plugin}\tparameter=\toutputdir=\tcompile=");
        Assert.Contains("error PRG9016", AssertFailure(text), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private void Reference() => _folder.Line($"reference={typeof(ProtobufBuildTests).Assembly.Location}\tpackage=");

    private void AssertSuccess()
    {
        var (success, log) = _folder.Run();
        Assert.True(success, log);
        Assert.Equal("", log);
    }

    private string AssertFailure(string text)
    {
        var (success, log) = _folder.Run();
        Assert.False(success);
        Assert.Contains(text, log, StringComparison.Ordinal);
        return log;
    }
}
