// SPDX-License-Identifier: Apache-2.0

using Peregrine.Protobuf.Compiler.CSharp;
using Xunit;

namespace Peregrine.Protobuf.Compiler.Tests.CSharp;

public class GeneratorOptionTests
{
    private const string Optional = """
        edition = "2023"; package p; option csharp_namespace = "N";
        message M {
          int32 number = 1; string text = 2; bytes data = 3; E kind = 4; double ratio = 5;
          int32 with_default = 6 [default = 7]; string text_with_default = 7 [default = "seven"];
          int32 implicit = 8 [features.field_presence = IMPLICIT];
          int32 required = 9 [features.field_presence = LEGACY_REQUIRED];
          oneof choice { int32 chosen = 10; }
          M child = 11;
        }
        enum E { option features.enum_type = CLOSED; E_ONE = 1; E_TWO = 2; }
        """;

    private const string Behavior = """
        syntax = "proto3"; package google.api;
        import "google/protobuf/descriptor.proto";
        extend google.protobuf.FieldOptions { repeated FieldBehavior field_behavior = 1052 [packed = false]; }
        enum FieldBehavior { FIELD_BEHAVIOR_UNSPECIFIED = 0; OPTIONAL = 1; REQUIRED = 2; OUTPUT_ONLY = 3; }
        """;

    private const string Required = """
        syntax = "proto3"; package p; option csharp_namespace = "N";
        import "google/api/field_behavior.proto";
        message Order {
          string id = 1 [(google.api.field_behavior) = OUTPUT_ONLY, (google.api.field_behavior) = REQUIRED];
          Item item = 2 [(google.api.field_behavior) = REQUIRED];
          string note = 3 [(google.api.field_behavior) = OPTIONAL];
          repeated Item more = 4 [(google.api.field_behavior) = REQUIRED];
          map<string, Item> named = 5;
          oneof choice { Item chosen = 6 [(google.api.field_behavior) = REQUIRED]; }
          string old = 7 [(google.api.field_behavior) = REQUIRED, deprecated = true];
        }
        message Item { int32 number = 1 [(google.api.field_behavior) = REQUIRED]; Item inner = 2; }
        """;

    private const string Service = """
        syntax = "proto3"; package p; option csharp_namespace = "N";
        message M { int32 a = 1; }
        service S {
          rpc Unary(M) returns (M);
          rpc Client(stream M) returns (M);
          rpc Server(M) returns (stream M);
          rpc Both(stream M) returns (stream M);
          rpc ISClient(M) returns (M);
        }
        """;

    [Theory]
    [InlineData("nullable=false")]
    [InlineData("nullable_optional,required_members,append_async_suffix")]
    [InlineData("nullable=false,nullable_optional,required_members")]
    [InlineData("client_interfaces=false,serializable,strip_nonfunctional_codegen,internal_access")]
    public void Tricky_files_compile_without_a_warning_under_every_option(string text)
    {
        // Each in a package of its own, so that they are one assembly.
        var files = GeneratedCodeCompilesTests.Tricky.Select(row => row.Data.Item2)
            .Where(proto => proto.Contains("package p;", StringComparison.Ordinal))
            .Select((proto, index) => ($"file{index}.proto", proto.Replace("package p;", $"package p{index};", StringComparison.Ordinal)))
            .ToArray();
        Assert.NotEmpty(files);
        Assert.Empty(GeneratedSource.Compile(GeneratedSource.Generate(Parse(text), files)));
    }

    [Fact]
    public void Without_nullable_annotations_old_code_that_knows_nothing_of_null_has_no_warning()
    {
        const string Old = """
            public static class User
            {
                public static int Run(N.M m) => m.Child.Child.Number + m.Text.Length + m.Data.Length;
            }
            """;
        Assert.Contains("CS8602", string.Concat(GeneratedSource.Compile(Generate("", Optional), Old)), StringComparison.Ordinal);
        var files = Generate("nullable=false", Optional);
        Assert.DoesNotContain("CS86", string.Concat(GeneratedSource.Compile(files, Old)), StringComparison.Ordinal);
        Assert.Contains("#nullable disable", files[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Optional_scalars_are_null_when_not_set_and_null_clears_them()
    {
        var text = GeneratedSource.Run(Generate("nullable_optional", Optional), """
            using N;
            public static class User
            {
                public static string Run()
                {
                    M m = new() { Required = 0 };
                    int? number = m.Number;
                    string? text = m.Text;
                    Peregrine.Protobuf.ByteString? data = m.Data;
                    E? kind = m.Kind;
                    double? ratio = m.Ratio;
                    string seen = $"{number is null}{text is null}{data is null}{kind is null}{ratio is null}";
                    int plain = m.WithDefault + m.Implicit + m.Required + m.Chosen;
                    string plainText = m.TextWithDefault;
                    seen += $" {plain} {plainText}";
                    M empty = m.Clone();
                    m.Number = 0;
                    m.Text = "";
                    m.Kind = E.Two;
                    m.Data = Peregrine.Protobuf.ByteString.Empty;
                    m.Ratio = null;
                    M copy = M.Parser.ParseFrom(Peregrine.Protobuf.MessageExtensions.ToByteArray(m));
                    seen += $" {copy} {copy.HasNumber}{copy.HasText}{copy.HasRatio} {copy.Equals(m)}{copy.Equals(empty)}";
                    m.Number = null;
                    m.Text = null;
                    m.Kind = null;
                    m.ClearData();
                    seen += $" {m.Equals(empty)}";
                    m.MergeFrom(copy);
                    seen += $" {m.Number}{m.Kind}";
                    // By number the defaults show, as they do without the option.
                    Peregrine.Protobuf.IFieldAccess fields = empty;
                    seen += $" {fields.GetField(1)}{fields.GetField(2)}{fields.GetField(4)}";
                    fields.SetField(1, 5);
                    return seen + $" {empty.Number}";
                }
            }
            """);
        Assert.Equal(
            "TrueTrueTrueTrueTrue 7 seven {\"number\":0,\"text\":\"\",\"data\":\"\",\"kind\":\"E_TWO\",\"required\":0} "
            + "TrueTrueFalse TrueFalse True 0Two 0One 5",
            text);
    }

    [Fact]
    public void Required_members_must_be_set_by_initializers_and_by_nothing_else()
    {
        var files = GenerateWithImport("required_members");
        Assert.Equal("{} 1 1 1 1 2", GeneratedSource.Run(files, """
            using N;
            using Peregrine.Protobuf;
            public static class User
            {
                public static string Run()
                {
                    Order order = new() { Id = "", Item = null };
                    string seen = order.ToString();
                    order.Item = new Item { Number = 1 };
                    order.More.Add(new Item { Number = 1 });
                    order.Named["x"] = new Item { Number = 1 };
                    order.Chosen = new Item { Number = 1, Inner = new Item { Number = 2 } };
                    Order copy = Order.Parser.ParseFrom(order.Clone().ToByteArray());
                    copy.MergeFrom(new Order(order) { Id = "", Item = null });
                    Order merged = Order.Parser.CreateTemplate();
                    merged.MergeFrom(copy);
                    merged = Order.Parser.ParseJson(merged.ToString());
                    return seen + $" {merged.Item!.Number} {merged.More[0].Number} {merged.Named["x"].Number} {merged.Chosen!.Number} {merged.Chosen.Inner!.Number}";
                }
            }
            """));
        var diagnostics = string.Concat(GeneratedSource.Compile(files, """
            using N;
            public static class User
            {
                public static Order Run() => new() { Item = new() };
            }
            """));
        Assert.Contains("CS9035: Required member 'Order.Id'", diagnostics, StringComparison.Ordinal);
        Assert.Contains("CS9035: Required member 'Item.Number'", diagnostics, StringComparison.Ordinal);
        Assert.DoesNotContain("'Order.More'", diagnostics, StringComparison.Ordinal);
        Assert.DoesNotContain("'Order.Old'", diagnostics, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_with_and_without_required_members_use_each_others_messages()
    {
        const string User = """
            syntax = "proto3"; package q; import "order.proto";
            message Basket { p.Item item = 1; repeated p.Item items = 2; map<int32, p.Item> map = 3; oneof o { p.Item one = 4; } }
            """;
        (string, string)[] all = [("google/api/field_behavior.proto", Behavior), ("order.proto", Required), ("basket.proto", User)];
        var with = GeneratedSource.Generate(Parse("required_members"), all);
        var without = GeneratedSource.Generate(Parse(""), all);
        Assert.Empty(GeneratedSource.Compile([.. with.Where(file => file.Name != "Basket.cs"), .. without.Where(file => file.Name == "Basket.cs")]));
        Assert.Empty(GeneratedSource.Compile([.. without.Where(file => file.Name != "Basket.cs"), .. with.Where(file => file.Name == "Basket.cs")]));
    }

    [Fact]
    public void Fields_that_proto2_requires_are_required_members()
    {
        var files = Generate("required_members", "syntax = \"proto2\"; package p; option csharp_namespace = \"N\"; message M { required int32 a = 1; required group G = 2 { required string b = 1; } optional int32 c = 3; }");
        Assert.Empty(GeneratedSource.Compile(files, "/// <summary>User.</summary>\npublic static class User { /// <summary>Run.</summary>\npublic static N.M Run() => new() { A = 1, G = new() { B = \"\" } }; }"));
        Assert.Contains("CS9035", string.Concat(GeneratedSource.Compile(files, "public static class User { public static N.M Run() => new(); }")), StringComparison.Ordinal);
    }

    [Fact]
    public void Clients_implement_an_interface_of_which_a_double_writes_one_overload_each()
    {
        var text = GeneratedSource.Run(Generate("", Service), """
            using N;
            using Peregrine;
            public static class User
            {
                private sealed class Fake : S.ISClient_
                {
                    public M Unary(M request, CallOptions options) => new() { A = request.A + (int)options.Deadline!.Value.Ticks };
                    public AsyncUnaryCall<M> UnaryAsync(M request, CallOptions options) => throw new System.NotSupportedException();
                    public M ISClient(M request, CallOptions options) => throw new System.NotSupportedException();
                    public AsyncUnaryCall<M> ISClientAsync(M request, CallOptions options) => throw new System.NotSupportedException();
                    public AsyncClientStreamingCall<M, M> Client(CallOptions options) => throw new System.NotSupportedException();
                    public AsyncServerStreamingCall<M> Server(M request, CallOptions options) => throw new System.NotSupportedException();
                    public AsyncDuplexStreamingCall<M, M> Both(CallOptions options) => throw new System.NotSupportedException();
                }

                public static string Run()
                {
                    S.ISClient_ fake = new Fake();
                    return $"{fake.Unary(new M { A = 1 }, deadline: new System.DateTime(4)).A} {typeof(S.ISClient_).IsAssignableFrom(typeof(S.SClient))}";
                }
            }
            """);
        Assert.Equal("5 True", text);
        Assert.DoesNotContain("partial interface", string.Concat(Generate("client_interfaces=false", Service)), StringComparison.Ordinal);
    }

    [Fact]
    public void Attributes_of_messages_come_and_go_with_their_options()
    {
        var plain = Generate("", Service)[0].Text;
        Assert.Contains("CodeDom.Compiler.GeneratedCode", plain, StringComparison.Ordinal);
        Assert.DoesNotContain("Serializable", plain, StringComparison.Ordinal);
        var other = Generate("serializable,strip_nonfunctional_codegen", Service)[0].Text;
        Assert.DoesNotContain("CodeDom", other, StringComparison.Ordinal);
        Assert.DoesNotContain("DebuggerDisplay", other, StringComparison.Ordinal);
        Assert.Contains("[global::System.Serializable]", other, StringComparison.Ordinal);
    }

    [Fact]
    public void Server_methods_end_in_Async_when_asked_for()
    {
        var text = Generate("append_async_suffix", Service)[1].Text;
        Assert.Contains("Task<global::N.M> UnaryAsync(global::N.M request, global::Peregrine.ServerCallContext", text, StringComparison.Ordinal);
        Assert.Contains("serviceImpl.BothAsync", text, StringComparison.Ordinal);
        Assert.Contains("AsyncDuplexStreamingCall<global::N.M, global::N.M> Both(", text, StringComparison.Ordinal);
    }

    [Fact]
    public void File_names_follow_their_options()
    {
        Assert.Equal(["File.g.cs", "FileRpc.cs"], Generate("file_extension=.g.cs,file_suffix=Rpc.cs", Service).Select(file => file.Name));
        Assert.Equal(["File.g.cs", "FileGrpc.g.cs"], Generate("file_extension=.g.cs", Service).Select(file => file.Name));
    }

    private static CSharpGeneratorOptions Parse(string text)
    {
        Assert.True(new CSharpGeneratorOptions().TryParse(text, out var options, out var error), error);
        return options;
    }

    private static IReadOnlyList<GeneratedFile> Generate(string options, string proto) => GeneratedSource.Generate(Parse(options), ("file.proto", proto));

    private static IReadOnlyList<GeneratedFile> GenerateWithImport(string options) =>
        GeneratedSource.Generate(Parse(options), ("google/api/field_behavior.proto", Behavior), ("order.proto", Required));
}
