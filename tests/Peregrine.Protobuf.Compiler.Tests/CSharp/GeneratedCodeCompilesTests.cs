// SPDX-License-Identifier: Apache-2.0

using System.Runtime.CompilerServices;
using Peregrine.Protobuf.Compiler.CSharp;
using Xunit;

namespace Peregrine.Protobuf.Compiler.Tests.CSharp;

public class GeneratedCodeCompilesTests
{
    private const string Proto3 = "syntax = \"proto3\";\n";

    public static TheoryData<string, string> Tricky => new()
    {
        { "no package", Proto3 + "message M { int32 a = 1; } service S { rpc R(M) returns (M); }" },
        { "members of every message as messages", Proto3 + "package p; message Descriptor { int32 descriptor = 1; } message Parser {} message Clone {} message MergeFrom {} message Equals {} message ToString {} message GetHashCode {} message WriteTo {} message CalculateSize {}" },
        { "members of every message as fields", Proto3 + "package p; message M { int32 descriptor = 1; int32 parser = 2; int32 types = 3; int32 clone = 4; int32 equals = 5; int32 to_string = 6; int32 get_hash_code = 7; int32 write_to = 8; int32 calculate_size = 9; int32 merge_from = 10; int32 get_type = 11; int32 m = 12; int32 is_initialized = 13; int32 unknown_fields = 14; int32 cached_size = 15; int32 memberwise_clone = 16; int32 reference_equals = 17; int32 finalize = 18; int32 on_construction = 19; message N {} }" },
        { "lower-case nested names", Proto3 + "package p; message Grandpa { message Father { message son { string name = 1; } son s = 1; repeated son Sons = 2; } Father father = 1; } message User { Grandpa.Father.son x = 1; repeated Grandpa.Father father = 2; }" },
        { "keywords", Proto3 + "package event.class.new; message class { int32 int = 1; string string = 2; class object = 3; enum switch { default = 0; } switch namespace = 4; oneof params { int32 checked = 5; class record = 6; } } message record { class field = 1; } message var {} message dynamic {} service virtual { rpc new(class) returns (stream class); rpc await(stream class) returns (class); }" },
        { "types called Types", Proto3 + "package p; message Types { message Inner { int32 a = 1; } Inner inner = 1; } message M { message Types { enum E { A = 0; } E e = 1; } Types types = 1; }" },
        { "a message called like its nested one", Proto3 + "package p; message A { message A { message A { int32 a = 1; } A a = 1; } A a = 1; }" },
        { "presence beside the names it makes", Proto3 + "package p; message M { optional int32 x = 1; bool has_x = 2; bool clear_x = 3; int32 x_field_number = 4; oneof o { int32 a = 5; int32 none = 6; } int32 o_case = 7; int32 clear_o = 8; int32 o_oneof_case = 9; }" },
        { "names that differ by case", Proto3 + "package p; message M { int32 foo = 1; int32 FOO = 2; int32 foo_1 = 3; int32 _foo = 4 [json_name = \"z\"]; }" },
        { "types of the platform", Proto3 + "package p; message System { int32 a = 1; } message String { System system = 1; } message Object {} message BitConverter { double d = 1; optional double e = 2; } message HashCode { float f = 1; } message Peregrine { int32 protobuf = 1; } message Exception {} message Task {} service Status { rpc Get(System) returns (Task); }" },
        { "roots of namespaces", Proto3 + "message System { System system = 1; double d = 2; } message Peregrine { System a = 1; } message Google { optional int32 a = 1; } enum System_ { Z = 0; } service S { rpc R(System) returns (Peregrine); }" },
        { "types of the namespaces that generated code refers to", Proto3 + "package System; message Threading { float f = 1; } message HashCode { double d = 1; string s = 2; } service Obsolete { option deprecated = true; rpc R(Threading) returns (HashCode); }" },
        { "types of the runtime's namespaces", Proto3 + "package peregrine; message Protobuf { float f = 1; } message Status { repeated Protobuf p = 1; } enum StatusCode { OK = 0; } service Metadata { rpc R(Protobuf) returns (stream Status); }" },
        { "services called like their methods", Proto3 + "package p; message M {} service SayHello { rpc SayHello(M) returns (M); rpc SayHelloAsync(M) returns (M); rpc SayHelloClient(M) returns (M); rpc SayHelloBase(M) returns (stream M); rpc CallInvoker(M) returns (M); rpc NewInstance(M) returns (M); rpc WithHost(M) returns (M); rpc ToString(M) returns (M); rpc GetType(M) returns (M); } service Descriptor { rpc BindService(M) returns (M); } service Empty {}" },
        { "reflection class beside a message", Proto3 + "package p; message FileReflection { int32 a = 1; } message FileExtensions {}" },
        { "deprecated", Proto3 + "package p; option deprecated = true; message Old { option deprecated = true; int32 a = 1 [deprecated = true]; Old b = 2 [deprecated = true]; oneof o { int32 c = 3 [deprecated = true]; } optional string d = 4 [deprecated = true]; Kind k = 5 [deprecated = true]; map<string, Old> m = 6; } enum Kind { option deprecated = true; KIND_A = 0; KIND_B = 1 [deprecated = true]; } service S { option deprecated = true; rpc R(Old) returns (Old) { option deprecated = true; } }" },
        { "comments", Proto3 + "package p;\n// <summary> & </summary> */ \u2028 int x; \u0085 \u0001\n//\n//   indented\nmessage M {\n// ]]> <a b='c'>\nint32 a = 1; // trailing <x\n} // after\n/* block\n * of lines <b> */ enum E { /* zero */ E_ZERO = 0; }" },
        { "every scalar, singular, optional, repeated, in a map and in a oneof", Proto3 + "package p; " + EveryScalar() },
        { "wrappers", Proto3 + "package p; import \"google/protobuf/wrappers.proto\"; " + EveryWrapper() },
        { "well-known types", Proto3 + "package p; import \"google/protobuf/any.proto\"; import \"google/protobuf/struct.proto\"; import \"google/protobuf/duration.proto\"; import \"google/protobuf/empty.proto\"; import \"google/protobuf/field_mask.proto\"; message M { google.protobuf.Any a = 1; google.protobuf.Value v = 2; repeated google.protobuf.Duration d = 3; map<string, google.protobuf.Struct> s = 4; oneof o { google.protobuf.FieldMask f = 5; google.protobuf.NullValue n = 6; } } service S { rpc R(google.protobuf.Empty) returns (google.protobuf.Empty); }" },
        { "enums", Proto3 + "package p; enum E { option allow_alias = true; E_A = 0; E_B = 1; E_C = 1; E_LOW = 2; NEG = -5; E_MAX = 2147483647; } enum lower { lower_a = 0; } message M { E e = 1; optional E o = 2; repeated E r = 3; map<int32, E> m = 4; oneof x { E y = 5; } lower l = 6; }" },
        { "many presence bits", Proto3 + "package p; message M { " + string.Concat(Enumerable.Range(1, 70).Select(i => $"optional int32 f{i} = {i};")) + " }" },
        { "large numbers", Proto3 + "package p; message M { int32 a = 15; int32 b = 16; int32 c = 2047; int32 d = 2048; int32 e = 536870911; repeated M f = 536870910; map<string, string> g = 262144; }" },
        { "proto2", "syntax = \"proto2\"; package p; message A { required int32 a = 1 [default = 5]; optional string s = 2 [default = \"x\\\"y\\n\\303\\251\"]; optional group Grp = 3 { optional int32 z = 1; } extensions 100 to 200; optional bytes b = 4 [default = \"\\001a\\xff\"]; optional double inf = 5 [default = inf]; optional float nan = 10 [default = nan]; optional float mf = 11 [default = -1.5e10]; optional E e = 6 [default = B]; repeated E es = 7 [packed = true]; repeated E loose = 12; map<string, F> me = 13; optional int64 min = 14 [default = -9223372036854775808]; optional uint64 max = 15 [default = 18446744073709551615]; optional int32 imin = 16 [default = -2147483648]; optional bool t = 17 [default = true]; repeated group RG = 18 { required string q = 1; } extend A { optional int32 nested_ext = 101; repeated string rep_ext = 102; } oneof o { int32 oi = 8; group OG = 9 { optional int32 q = 1; } bytes ob = 19 [default = \"\\002\"]; E oe = 20 [default = B]; } optional A child = 21; required A must = 22; map<string, A> am = 23; } enum E { X = 1; B = 2; Y = 3; Z = 9; } enum F { F_ZERO = 0; F_ONE = 1; } extend A { optional A top_ext = 103; optional group GE = 104 { optional int32 q = 1; } repeated int32 pk = 105 [packed = true]; optional E ee = 106; repeated E re = 107; optional bytes be = 108 [default = \"\\007\"]; optional string a = 109; optional double de = 110; }" },
        { "edition 2023", "edition = \"2023\"; package p; message M { int32 a = 1; int32 b = 2 [features.field_presence = IMPLICIT]; M c = 3 [features.message_encoding = DELIMITED]; repeated int32 d = 4 [features.repeated_field_encoding = EXPANDED]; int32 e = 5 [features.field_presence = LEGACY_REQUIRED]; E f = 6; string g = 7 [features.utf8_validation = NONE]; repeated M h = 8 [features.message_encoding = DELIMITED]; } enum E { option features.enum_type = CLOSED; A = 1; }" },
    };

    [Theory]
    [MemberData(nameof(Tricky))]
    public void Tricky_files_compile_without_a_warning(string topic, string text)
    {
        Assert.NotEmpty(topic);
        Assert.Empty(GeneratedSource.Compile(GeneratedSource.Generate(new CSharpGeneratorOptions(), ("file.proto", text))));
    }

    [Theory]
    [InlineData("clashing_enums.proto")]
    [InlineData("clashing_extensions.proto")]
    [InlineData("clashing_fields.proto")]
    [InlineData("clashing_services.proto")]
    [InlineData("odd_names.proto")]
    public void Names_that_would_clash_are_repaired(string file)
    {
        var text = File.ReadAllText(Path.Combine(Path.GetDirectoryName(ThisFile())!, "Protos", file));
        Assert.Empty(GeneratedSource.Compile(GeneratedSource.Generate(new CSharpGeneratorOptions(), (file, text))));

        static string ThisFile([CallerFilePath] string path = "") => path;
    }

    [Theory]
    [InlineData(GrpcServices.None, false, false)]
    [InlineData(GrpcServices.Client, true, false)]
    [InlineData(GrpcServices.Server, false, true)]
    [InlineData(GrpcServices.Both, true, true)]
    public void Services_option_chooses_the_halves(GrpcServices services, bool client, bool server)
    {
        var files = GeneratedSource.Generate(
            new CSharpGeneratorOptions { Services = services, InternalAccess = true },
            ("s.proto", Proto3 + "message M {} service S { rpc R(M) returns (M); }"));
        Assert.Empty(GeneratedSource.Compile(files));
        var text = string.Concat(files.Select(file => file.Text));
        Assert.Equal(client, text.Contains("class SClient", StringComparison.Ordinal));
        Assert.Equal(server, text.Contains("class SBase", StringComparison.Ordinal));
        Assert.DoesNotContain("\npublic ", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Imports_of_other_packages_are_linked()
    {
        var files = GeneratedSource.Generate(
            new CSharpGeneratorOptions(),
            ("a/one.proto", Proto3 + "package a; message One { enum E { A = 0; } }"),
            ("b/two.proto", Proto3 + "package b; import public \"a/one.proto\"; message Two { a.One one = 1; a.One.E e = 2; }"));
        Assert.Equal(["One.cs", "Two.cs"], files.Select(file => file.Name));
        Assert.Empty(GeneratedSource.Compile(files));
    }

    [Fact]
    public void Two_outputs_of_one_name_are_refused()
    {
        var exception = Assert.Throws<CSharpGeneratorException>(() => GeneratedSource.Generate(
            new CSharpGeneratorOptions(), ("a/x.proto", Proto3 + "package a;"), ("b/x.proto", Proto3 + "package b;")));
        Assert.Contains("a/x.proto", exception.Message, StringComparison.Ordinal);
        Assert.Contains("b/x.proto", exception.Message, StringComparison.Ordinal);
    }

    private static string EveryScalar()
    {
        string[] types = ["double", "float", "int32", "int64", "uint32", "uint64", "sint32", "sint64", "fixed32", "fixed64", "sfixed32", "sfixed64", "bool", "string", "bytes"];
        var number = 1;
        var singular = string.Concat(types.Select(type => $"{type} f_{type} = {number++}; optional {type} o_{type} = {number++}; repeated {type} r_{type} = {number++}; map<int32, {type}> v_{type} = {number++}; "));
        var keys = string.Concat(types.Where(type => type is not ("double" or "float" or "bytes")).Select(type => $"map<{type}, M> k_{type} = {number++}; "));
        var oneof = string.Concat(types.Select(type => $"{type} c_{type} = {number++}; "));
        return $"message M {{ {singular} {keys} oneof choice {{ {oneof} }} }}";
    }

    private static string EveryWrapper()
    {
        string[] types = ["Double", "Float", "Int32", "Int64", "UInt32", "UInt64", "Bool", "String", "Bytes"];
        var number = 1;
        var singular = string.Concat(types.Select(type => $"google.protobuf.{type}Value f_{type} = {number++}; repeated google.protobuf.{type}Value r_{type} = {number++}; map<string, google.protobuf.{type}Value> m_{type} = {number++}; "));
        var oneof = string.Concat(types.Select(type => $"google.protobuf.{type}Value c_{type} = {number++}; "));
        return $"message M {{ {singular} oneof choice {{ {oneof} }} }}";
    }
}
