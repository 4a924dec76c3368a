// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace CompilerFuzz;

/// <summary>Files that are large in one way each, valid or not.</summary>
internal static class ScalingCases
{
    private const string Options = "import \"google/protobuf/descriptor.proto\"; message T { repeated T t = 1; repeated int32 i = 2; optional string s = 3; } extend google.protobuf.FileOptions { optional T t = 50000; repeated int32 r = 50001; } ";

    /// <summary>Names, sizes to begin with, and texts of a size.</summary>
    public static readonly (string Name, int Size, Func<int, string> Text)[] All =
    [
        ("fields", 8000, n => "syntax = \"proto3\"; message M { " + Repeat(n, i => $"int32 f{i} = {Number(i)};\n") + "}"),
        ("optional fields", 8000, n => "syntax = \"proto3\"; message M { " + Repeat(n, i => $"optional int32 f{i} = {Number(i)};\n") + "}"),
        ("maps", 3000, n => "syntax = \"proto3\"; message M { " + Repeat(n, i => $"map<int32, M> f{i} = {Number(i)};\n") + "}"),
        ("oneofs", 4000, n => "syntax = \"proto3\"; message M { " + Repeat(n, i => $"oneof o{i} {{ int32 f{i} = {Number(i)}; }}\n") + "}"),
        ("messages that use each other", 4000, n => "syntax = \"proto3\"; " + Repeat(n, i => $"message M{i} {{ M{i * 7 % n} a = 1; }}\n")),
        ("enum values", 12_000, n => "syntax = \"proto3\"; enum E { " + Repeat(n, i => $"V{i} = {i};\n") + "}"),
        ("enum aliases", 12_000, n => "syntax = \"proto3\"; enum E { option allow_alias = true; " + Repeat(n, i => $"V{i} = 0;\n") + "}"),
        ("methods", 4000, n => "syntax = \"proto3\"; message M { } service S { " + Repeat(n, i => $"rpc R{i}(M) returns (M) {{ option deprecated = true; }}\n") + "}"),
        ("ranges and reserved names", 4000, n => "syntax = \"proto2\"; message M { " + Repeat(n, i => $"extensions {20_000 + (3 * i)}; reserved {20_001 + (3 * i)}; reserved \"n{i}\";\n") + "}"),
        ("declared extensions", 1500, n => "syntax = \"proto2\"; message M { extensions 1 to 18000 [" + string.Join(',', Enumerable.Range(0, n).Select(i => $"declaration = {{ number: {i + 1} full_name: \".x{i}\" type: \"int32\" }}")) + "]; } extend M { " + Repeat(n, i => $"optional int32 x{i} = {i + 1};\n") + "}"),
        ("JSON names", 8000, n => "syntax = \"proto3\"; message M { " + Repeat(n, i => $"int32 f{i} = {Number(i)} [json_name = \"j{i}\"];\n") + "}"),
        ("features of fields", 4000, n => "edition = \"2023\"; message M { " + Repeat(n, i => $"int32 f{i} = {Number(i)} [features.field_presence = IMPLICIT];\n") + "}"),
        ("options of one file", 8000, n => "syntax = \"proto2\"; " + Options + Repeat(n, i => $"option (r) = {i};\n")),
        ("fields of one aggregate", 12_000, n => "syntax = \"proto2\"; " + Options + "option (t) = { " + Repeat(n, _ => "t { i: [1, 2] s: 'abc' } ") + "};"),
        ("values of one list", 60_000, n => "syntax = \"proto2\"; " + Options + "option (t) = { i: [" + Repeat(n, _ => "1, ") + "1] };"),
        ("nested aggregates", 20_000, n => "syntax = \"proto2\"; " + Options + "option (t) = { " + Repeat(n, _ => "t { ") + Repeat(n, _ => "} ") + "};"),
        ("nested brackets", 20_000, n => "syntax = \"proto2\"; " + Options + "option (t) = { " + Repeat(n, _ => "t: [ ") + Repeat(n, _ => "] ") + "};"),
        ("nested messages", 20_000, n => "syntax = \"proto3\"; " + Repeat(n, _ => "message M { ")),
        ("nested groups", 20_000, n => "syntax = \"proto2\"; message M { " + Repeat(n, _ => "optional group G = 1 { ")),
        ("open braces", 50_000, n => "syntax = \"proto3\"; message M { " + Repeat(n, _ => "{ ")),
        ("parts of a name", 50_000, n => "syntax = \"proto2\"; message M { optional " + Repeat(n, _ => "a.") + "b f = 1; }"),
        ("parts of an option's name", 50_000, n => "syntax = \"proto2\"; message M { optional int32 f = 1 [features" + Repeat(n, _ => ".a") + " = 1]; }"),
        ("a string", 2_000_000, n => "syntax = \"proto2\"; message M { optional string a = 1 [default = \"" + new string('x', n) + "\"]; }"),
        ("strings that are joined", 200_000, n => "syntax = \"proto2\"; message M { optional string a = 1 [default = " + Repeat(n, _ => "\"xy\" ") + "]; }"),
        ("comments", 30_000, n => "syntax = \"proto2\"; " + Repeat(n, _ => "// comment\n\n") + "message M { }"),
        ("semicolons with comments", 30_000, n => "syntax = \"proto2\"; " + Repeat(n, _ => "// x\n\n;\n") + "message M { }"),
        ("one line with tabs", 8000, n => "syntax = \"proto3\"; message M {" + Repeat(n, i => $"\tint32 f{i} = 0;") + "}"),
        ("unknown types", 8000, n => "syntax = \"proto3\"; message M { " + Repeat(n, i => $"Missing{i} f{i} = {Number(i)};\n") + "}"),
        ("numbers used twice", 8000, n => "syntax = \"proto3\"; message M { " + Repeat(n, i => $"int32 f{i} = 1;\n") + "}"),
        ("syntax errors", 8000, n => "syntax = \"proto3\"; message M { " + Repeat(n, i => $"int32 f{i} = ;\n") + "}"),
        ("messages of one name", 6000, n => "syntax = \"proto3\"; " + Repeat(n, _ => "message M { int32 a = 1; }\n")),
        ("bytes that are no text", 200_000, n => "syntax = \"proto3\"; " + new string('\0', n)),
    ];

    // Below and above the numbers that no field may have.
    private static int Number(int i) => i < 18_000 ? i + 1 : i + 20_001;

    private static string Repeat(int count, Func<int, string> piece)
    {
        StringBuilder text = new();
        for (int i = 0; i < count; i++)
        {
            text.Append(piece(i));
        }

        return text.ToString();
    }
}
