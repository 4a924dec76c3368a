// SPDX-License-Identifier: Apache-2.0

using System.Text.Json;
using Peregrine.Cli.Schema;
using Peregrine.Protobuf;
using Peregrine.Protobuf.Compiler;
using Peregrine.Protobuf.Reflection;
using Xunit;

namespace Peregrine.Cli.Tests;

/// <summary><c>peregrine list</c> and <c>peregrine describe</c> with a schema of files.</summary>
public sealed class SchemaCommandTests : IDisposable
{
    private readonly CommandLine _line = new();

    public SchemaCommandTests() => _line.Write("protos/shop/v1/shop.proto", ShopServer.Proto);

    public void Dispose() => _line.Dispose();

    private string Shop => _line["protos/shop/v1/shop.proto"];

    [Fact]
    public void The_services_of_a_file_are_listed()
    {
        Assert.Equal(0, _line.Run("list", "--proto", Shop));
        Assert.Equal("shop.v1.Shop\n", _line.Output);
    }

    [Fact]
    public void The_services_of_a_folder_are_listed_and_its_files_import_each_other_without_a_flag()
    {
        _line.Write("protos/more/more.proto", """syntax = "proto3"; package more; import "shop/v1/shop.proto"; service More { rpc Of(shop.v1.Order) returns (shop.v1.Receipt); }""");
        Assert.Equal(0, _line.Run("list", "--proto", _line["protos"]));
        Assert.Equal("more.More\nshop.v1.Shop\n", _line.Output);
    }

    [Fact]
    public void Imports_are_found_below_import_paths()
    {
        _line.Write("more.proto", """syntax = "proto3"; package more; import "shop/v1/shop.proto"; service More { rpc Of(shop.v1.Order) returns (shop.v1.Receipt); }""");
        Assert.Equal(0, _line.Run("list", "--proto", _line["more.proto"], "-I", _line.Folder, "-I", _line["protos"]));
        Assert.Equal("more.More\n", _line.Output);
    }

    [Fact]
    public void The_services_of_a_descriptor_set_are_listed()
    {
        File.WriteAllBytes(_line["set"], ShopServer.Set().ToByteArray());
        Assert.Equal(0, _line.Run("list", "--descriptor-set", _line["set"], "--json"));
        Assert.Equal("{\"services\":[\"shop.v1.Shop\"]}\n", _line.Output);
    }

    [Fact]
    public void The_methods_of_a_service_are_listed()
    {
        Assert.Equal(0, _line.Run("list", "--proto", Shop, "shop.v1.Shop"));
        Assert.Equal("shop.v1.Shop/Buy\nshop.v1.Shop/Watch\nshop.v1.Shop/Fill\nshop.v1.Shop/Chat\n", _line.Output);
        _line.Clear();
        Assert.Equal(0, _line.Run("list", "--proto", Shop, "shop.v1.Shop", "--json"));
        var watch = JsonDocument.Parse(_line.Output).RootElement.GetProperty("methods")[1];
        Assert.True(watch.GetProperty("serverStreaming").GetBoolean());
        Assert.Equal("shop.v1.Order", watch.GetProperty("request").GetString());
    }

    [Theory]
    [InlineData("shop.v1.Shop/Buy", "// Buys one thing.\nrpc Buy(Order) returns (Receipt);\n")]
    [InlineData("shop.v1.Shop.Chat", "rpc Chat(stream Order) returns (stream Receipt);\n")]
    [InlineData(".shop.v1.Order.item", "// What to buy.\nstring item = 1;\n")]
    [InlineData("shop.v1.Gift", "message Gift {\n  string name = 1;\n}\n")]
    public void A_symbol_is_shown_as_its_text_with_comments(string symbol, string text)
    {
        Assert.Equal(0, _line.Run("describe", "--proto", Shop, symbol));
        Assert.Equal(text, _line.Output);
    }

    [Fact]
    public void A_file_is_shown_whole()
    {
        Assert.Equal(0, _line.Run("describe", "--proto", Shop, "-I", _line["protos"], "shop/v1/shop.proto"));
        Assert.StartsWith("// All about the shop.\nsyntax = \"proto3\";\n\npackage shop.v1;\n\nimport \"google/protobuf/any.proto\";\n", _line.Output);
        Assert.Contains("\n// Sells things.\nservice Shop {\n", _line.Output);
    }

    [Fact]
    public void Near_names_are_listed_for_a_symbol_that_is_not_there()
    {
        Assert.Equal(1, _line.Run("describe", "--proto", Shop, "shop.v1.Recept"));
        Assert.Contains("Did you mean shop.v1.Receipt?", _line.Errors);
    }

    [Fact]
    public void Errors_of_files_are_told_with_their_place()
    {
        _line.Write("bad.proto", "syntax = \"proto3\";\nmessage M { int32 = 1; }\n");
        Assert.Equal(1, _line.Run("list", "--proto", _line["bad.proto"]));
        Assert.Contains("bad.proto:2:19: ", _line.Errors);
        Assert.Contains("The .proto files have errors; they are above.", _line.Errors);
    }

    [Theory]
    [InlineData("--proto", "none.proto", "There is no file or folder")]
    [InlineData("--descriptor-set", "none.set", "cannot be read")]
    public void A_file_that_is_not_there_is_told(string option, string file, string message)
    {
        Assert.Equal(1, _line.Run("list", option, _line[file]));
        Assert.Contains(message, _line.Errors);
    }

    [Fact]
    public void A_schema_must_come_from_somewhere()
    {
        Assert.Equal(2, _line.Run("list"));
        Assert.Contains("Say where the schema is", _line.Errors);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void The_text_of_a_file_compiles_to_the_same_descriptor(string name, string text)
    {
        var before = Compile(name, text);
        var pool = DescriptorPool.FromFileDescriptorSet(before);
        var printed = ProtoPrinter.Print(pool.FindFile(name)!, pool);
        Assert.Equal(before.File[^1], Compile(name, printed).File[^1]);
    }

    public static TheoryData<string, string> Files => new()
    {
        { "shop.proto", ShopServer.Proto },
        {
            "two.proto", """
            syntax = "proto2";
            package a.b;
            import public "google/protobuf/descriptor.proto";
            option java_package = "x\n\"y";
            option (file_option).name = "n";
            message Opt { optional string name = 1; repeated int32 list = 2; optional Opt sub = 3; extensions 10 to 20; }
            extend google.protobuf.FileOptions { optional Opt file_option = 50000; }
            extend google.protobuf.FieldOptions { optional double ratio = 50001; repeated string tags = 50002; }
            message a { optional int32 x = 1; }
            message M {
              required int32 r = 1 [(ratio) = -inf, (tags) = "p", (tags) = "q", deprecated = true];
              optional string s = 2 [default = "a\"\001", json_name = "other"];
              optional bytes y = 3 [default = "\377\\"];
              optional Kind kind = 4 [default = TWO];
              optional double d = 5 [default = nan];
              repeated group Box = 6 { optional int32 in_box = 1; }
              oneof one { int32 first = 7; string second = 8; }
              map<string, Opt> opts = 9;
              repeated int32 packed = 10 [packed = true];
              optional .a.b.a absolute = 11;
              message Inner { optional a.b.M outer_wrong = 1; message a { message b { message M {} } } }
              enum Kind { option allow_alias = true; ONE = 1; TWO = 2; ZWEI = 2 [deprecated = true]; reserved 5, 7 to 9, 100 to max; reserved "OLD"; }
              extensions 100 to 199, 1000 to max;
              reserved 20, 30 to 40;
              reserved "gone", "lost";
              extend Opt { optional int32 inside = 11; }
            }
            extend Opt { optional int32 more = 10; }
            service S { option deprecated = true; rpc A(M) returns (stream M) { option idempotency_level = IDEMPOTENT; } rpc B(stream M.Inner) returns (M); }
            """
        },
        {
            "edition.proto", """
            edition = "2023";
            package e;
            option features.field_presence = IMPLICIT;
            message M {
              int32 i = 1 [features.field_presence = EXPLICIT];
              M sub = 2 [features.message_encoding = DELIMITED];
              repeated int32 list = 3 [features.repeated_field_encoding = EXPANDED];
              reserved gone;
            }
            enum E { option features.enum_type = CLOSED; A = 1; }
            """
        },
        { "three.proto", "syntax = \"proto3\"; message M { optional int32 present = 1; map<int32, E> map = 2; E e = 3; } enum E { ZERO = 0; MINUS = -1; }" },
    };

    private static FileDescriptorSet Compile(string name, string text)
    {
        var result = Compilation.CompileText(text, name, new CompilationOptions { Forms = DescriptorForms.WithoutSourceInfo });
        Assert.True(result.Success, string.Join("\n", result.Diagnostics));
        var set = new FileDescriptorSet();
        set.File.AddRange(DescriptorSet.Order(result, includeImports: true).Select(file => FileDescriptorProto.Parser.ParseFrom(file.SerializedWithoutSourceInfo.ToArray())));
        return set;
    }
}
