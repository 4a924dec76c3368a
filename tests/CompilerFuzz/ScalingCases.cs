// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace CompilerFuzz;

/// <summary>Input that can be made as large as wanted.</summary>
/// <param name="Name">What is large about it.</param>
/// <param name="Size">The size to begin with.</param>
/// <param name="Files">The import paths and texts of a size.</param>
internal sealed record ScalingCase(string Name, int Size, Func<int, IReadOnlyList<(string Path, string Text)>> Files);

/// <summary>Files that are large in one way each, valid or not.</summary>
internal static class ScalingCases
{
    private const string Options = "import \"google/protobuf/descriptor.proto\"; message T { repeated T t = 1; repeated int32 i = 2; optional string s = 3; } extend google.protobuf.FileOptions { optional T t = 50000; repeated int32 r = 50001; } ";

    private static readonly string[] Kinds =
        ["int32", "sint64", "fixed32", "double", "float", "bool", "string", "bytes", "M", "uint64", "sfixed32"];

    /// <summary>All cases.</summary>
    public static readonly ScalingCase[] All =
    [
        One("fields", 8000, n => "syntax = \"proto3\"; message M { " + Repeat(n, i => $"int32 f{i} = {Number(i)};\n") + "}"),
        One("optional fields", 8000, n => "syntax = \"proto3\"; message M { " + Repeat(n, i => $"optional int32 f{i} = {Number(i)};\n") + "}"),
        One("maps", 3000, n => "syntax = \"proto3\"; message M { " + Repeat(n, i => $"map<int32, M> f{i} = {Number(i)};\n") + "}"),
        One("oneofs", 4000, n => "syntax = \"proto3\"; message M { " + Repeat(n, i => $"oneof o{i} {{ int32 f{i} = {Number(i)}; }}\n") + "}"),
        One("messages that use each other", 4000, n => "syntax = \"proto3\"; " + Repeat(n, i => $"message M{i} {{ M{i * 7 % n} a = 1; }}\n")),
        One("enum values", 12_000, n => "syntax = \"proto3\"; enum E { " + Repeat(n, i => $"V{i} = {i};\n") + "}"),
        One("enum aliases", 12_000, n => "syntax = \"proto3\"; enum E { option allow_alias = true; " + Repeat(n, i => $"V{i} = 0;\n") + "}"),
        One("methods", 4000, n => "syntax = \"proto3\"; message M { } service S { " + Repeat(n, i => $"rpc R{i}(M) returns (M) {{ option deprecated = true; }}\n") + "}"),
        One("ranges and reserved names", 4000, n => "syntax = \"proto2\"; message M { " + Repeat(n, i => $"extensions {20_000 + (3 * i)}; reserved {20_001 + (3 * i)}; reserved \"n{i}\";\n") + "}"),
        One("declared extensions", 1500, n => "syntax = \"proto2\"; message M { extensions 1 to 18000 [" + string.Join(',', Enumerable.Range(0, n).Select(i => $"declaration = {{ number: {i + 1} full_name: \".x{i}\" type: \"int32\" }}")) + "]; } extend M { " + Repeat(n, i => $"optional int32 x{i} = {i + 1};\n") + "}"),
        One("JSON names", 8000, n => "syntax = \"proto3\"; message M { " + Repeat(n, i => $"int32 f{i} = {Number(i)} [json_name = \"j{i}\"];\n") + "}"),
        One("features of fields", 4000, n => "edition = \"2023\"; message M { " + Repeat(n, i => $"int32 f{i} = {Number(i)} [features.field_presence = IMPLICIT];\n") + "}"),
        One("options of one file", 8000, n => "syntax = \"proto2\"; " + Options + Repeat(n, i => $"option (r) = {i};\n")),
        One("fields of one aggregate", 12_000, n => "syntax = \"proto2\"; " + Options + "option (t) = { " + Repeat(n, _ => "t { i: [1, 2] s: 'abc' } ") + "};"),
        One("values of one list", 60_000, n => "syntax = \"proto2\"; " + Options + "option (t) = { i: [" + Repeat(n, _ => "1, ") + "1] };"),
        One("nested aggregates", 20_000, n => "syntax = \"proto2\"; " + Options + "option (t) = { " + Repeat(n, _ => "t { ") + Repeat(n, _ => "} ") + "};"),
        One("nested brackets", 20_000, n => "syntax = \"proto2\"; " + Options + "option (t) = { " + Repeat(n, _ => "t: [ ") + Repeat(n, _ => "] ") + "};"),
        One("nested messages", 20_000, n => "syntax = \"proto3\"; " + Repeat(n, _ => "message M { ")),
        One("nested groups", 20_000, n => "syntax = \"proto2\"; message M { " + Repeat(n, _ => "optional group G = 1 { ")),
        One("open braces", 50_000, n => "syntax = \"proto3\"; message M { " + Repeat(n, _ => "{ ")),
        One("parts of a name", 50_000, n => "syntax = \"proto2\"; message M { optional " + Repeat(n, _ => "a.") + "b f = 1; }"),
        One("parts of an option's name", 50_000, n => "syntax = \"proto2\"; message M { optional int32 f = 1 [features" + Repeat(n, _ => ".a") + " = 1]; }"),
        One("a string", 2_000_000, n => "syntax = \"proto2\"; message M { optional string a = 1 [default = \"" + new string('x', n) + "\"]; }"),
        One("strings that are joined", 200_000, n => "syntax = \"proto2\"; message M { optional string a = 1 [default = " + Repeat(n, _ => "\"xy\" ") + "]; }"),
        One("comments", 30_000, n => "syntax = \"proto2\"; " + Repeat(n, _ => "// comment\n\n") + "message M { }"),
        One("semicolons with comments", 30_000, n => "syntax = \"proto2\"; " + Repeat(n, _ => "// x\n\n;\n") + "message M { }"),
        One("one line with tabs", 8000, n => "syntax = \"proto3\"; message M {" + Repeat(n, i => $"\tint32 f{i} = 0;") + "}"),
        One("unknown types", 8000, n => "syntax = \"proto3\"; message M { " + Repeat(n, i => $"Missing{i} f{i} = {Number(i)};\n") + "}"),
        One("numbers used twice", 8000, n => "syntax = \"proto3\"; message M { " + Repeat(n, i => $"int32 f{i} = 1;\n") + "}"),
        One("syntax errors", 8000, n => "syntax = \"proto3\"; message M { " + Repeat(n, i => $"int32 f{i} = ;\n") + "}"),
        One("messages of one name", 6000, n => "syntax = \"proto3\"; " + Repeat(n, _ => "message M { int32 a = 1; }\n")),
        One("repeated fields of all kinds", 2000, n => "syntax = \"proto2\"; message M { " + Repeat(n, i => $"repeated {Kinds[i % Kinds.Length]} f{i} = {Number(i)};\n") + "}"),
        One("required fields with defaults", 2000, n => "syntax = \"proto2\"; message M { " + Repeat(n, i => $"required string f{i} = {Number(i)} [default = \"d{i}\"];\n") + "}"),
        One("fields of one oneof", 2000, n => "syntax = \"proto3\"; message M { oneof o { " + Repeat(n, i => $"int32 f{i} = {Number(i)};\n") + "} }"),
        One("groups", 1500, n => "syntax = \"proto2\"; message M { " + Repeat(n, i => $"optional group G{i} = {Number(i)} {{ optional int32 a = 1; }}\n") + "}"),
        One("extensions of one message", 1500, n => "syntax = \"proto2\"; message M { extensions 1 to max; } " + Repeat(n, i => $"extend M {{ repeated M x{i} = {Number(i)}; }}\n")),
        One("extensions in messages", 1500, n => "syntax = \"proto2\"; message M { extensions 1 to max; } " + Repeat(n, i => $"message N{i} {{ extend M {{ optional M x = {Number(i)}; }} }}\n")),
        One("enums in messages", 2000, n => "syntax = \"proto3\"; message M { " + Repeat(n, i => $"enum E{i} {{ E{i}_ZERO = 0; }}\n") + "}"),
        One("messages in one message", 2000, n => "syntax = \"proto3\"; message M { " + Repeat(n, i => $"message N{i} {{ N{i * 7 % n} a = 1; }}\n") + "}"),
        One("messages in messages, 60 deep", 60, n => "syntax = \"proto3\"; " + Repeat(n, i => Repeat(60, j => $"message M{i}_{j} {{ int32 a = 1; ") + Repeat(60, _ => "} "))),
        One("a ring of required fields", 2000, n => "syntax = \"proto2\"; " + Repeat(n, i => $"message M{i} {{ optional M{(i + 1) % n} a = 1; required int32 b = 2; }}\n")),
        One("fields whose C# names clash", 1500, n => "syntax = \"proto2\"; message M { " + Repeat(n / 2, i => $"optional int32 a_b{i} = {Number(i)}; optional int32 a_B{i} = {Number(i + n)} [json_name = \"j{i}\"];\n") + "}"),
        One("fields of one C# name", 1500, n => "syntax = \"proto2\"; message M { " + Repeat(n, i => $"optional int32 {Underscored(i)} = {Number(i)} [json_name = \"j{i}\"];\n") + "}"),
        One("enum values whose C# names clash", 1500, n => "syntax = \"proto2\"; enum E { option deprecated_legacy_json_field_conflicts = true; " + Repeat(n, i => $"{Underscored(i).ToUpperInvariant()} = {i};\n") + "}"),
        One("documented fields", 4000, n => "syntax = \"proto3\"; message M { " + Repeat(n, i => $"// Says <what> it is & more.\nint32 f{i} = {Number(i)};\n") + "}"),
        One("lines of one comment", 30_000, n => "syntax = \"proto3\";\n" + Repeat(n, _ => "// <a> & b\n") + "message M { }"),
        One("services", 1000, n => "syntax = \"proto3\"; message M { } " + Repeat(n, i => $"service S{i} {{ rpc A(M) returns (stream M); }}\n")),
        Many("files", 400, (n, i) => $"syntax = \"proto3\"; message M{i} {{ int32 a = 1; }}"),
        Many("files in a row of public imports", 100, (_, i) => "syntax = \"proto3\"; " + (i > 0 ? $"import public \"f{i - 1}.proto\"; " : "") + $"message M{i} {{ M{Math.Max(0, i - 1)} a = 1; }}"),
        Many("files that import twenty before them", 300, (_, i) => "syntax = \"proto3\"; " + Repeat(Math.Min(i, 20), j => $"import \"f{j}.proto\"; ") + $"message M{i} {{ {Repeat(Math.Min(i, 20), j => $"M{j} a{j} = {j + 1}; ")} }}"),
        One("bytes that are no text", 200_000, n => "syntax = \"proto3\"; " + new string('\0', n)),
    ];

    // Different names that become one in PascalCase: a__b, a___b ... in the digits of i.
    private static string Underscored(int i) => "a" + string.Concat(Convert.ToString(i, 2).Select(digit => digit == '0' ? "_b" : "__b"));

    private static ScalingCase One(string name, int size, Func<int, string> text) => new(name, size, n => [("large.proto", text(n))]);

    private static ScalingCase Many(string name, int size, Func<int, int, string> text) =>
        new(name, size, n => [.. Enumerable.Range(0, n).Select(i => ($"f{i}.proto", text(n, i)))]);

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
