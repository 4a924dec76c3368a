// SPDX-License-Identifier: Apache-2.0

using System.Text;
using Peregrine.Protobuf.Compiler.CSharp;
using Xunit;

namespace Peregrine.Protobuf.Compiler.Tests.CSharp;

/// <summary>What generated code does, for shapes that the classes of the other tests do not have.</summary>
public class GeneratedBehaviorTests
{
    [Fact]
    public void Custom_options_are_read_from_descriptors()
    {
        const string Proto = """
            syntax = "proto2"; package p; option csharp_namespace = "N";
            import "google/protobuf/descriptor.proto";
            message Detail { optional string text = 1; repeated int32 numbers = 2; extensions 100 to 200; }
            extend Detail { optional bool deep = 100; }
            extend google.protobuf.FileOptions { optional string file_tag = 50000; }
            extend google.protobuf.MessageOptions { optional Detail detail = 50000; }
            extend google.protobuf.FieldOptions { repeated Level levels = 50000; }
            extend google.protobuf.EnumValueOptions { optional double weight = 50000; }
            extend google.protobuf.MethodOptions { optional group Http = 50000 { optional string path = 1; } }
            enum Level { LOW = 1; HIGH = 2; }
            option (file_tag) = "tagged";
            message M {
              option (detail) = { text: "x", numbers: [1, 2], [p.deep]: true };
              optional int32 a = 1 [(levels) = LOW, (levels) = HIGH];
              enum E { A = 0 [(weight) = -0.5]; }
            }
            service S { rpc R(M) returns (M) { option (http).path = "/m"; } }
            """;
        Assert.Equal("tagged x 2 True LOW,HIGH -0.5 /m", Run(Proto, """
            var detail = M.Descriptor.GetOptions()!.GetExtension(FileExtensions.Detail)!;
            var levels = M.Descriptor.FindFieldByName("a")!.GetOptions()!.GetExtension(FileExtensions.Levels)!;
            var weight = M.Descriptor.EnumTypes[0].Values[0].GetOptions()!.GetExtension(FileExtensions.Weight);
            return FileReflection.Descriptor.GetOptions()!.GetExtension(FileExtensions.FileTag)
                + $" {detail.Text} {detail.Numbers.Count} {detail.GetExtension(FileExtensions.Deep)}"
                + $" {string.Join(",", levels).ToUpperInvariant()} {weight}"
                + $" {S.Descriptor.Methods[0].GetOptions()!.GetExtension(FileExtensions.Http)!.Path}";
            """));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(536870912)]
    [InlineData(2147483646)]
    public void Extensions_of_message_sets_may_have_numbers_of_31_bits(int number)
    {
        string proto = $$"""
            syntax = "proto2"; package p; option csharp_namespace = "N";
            message Set { option message_set_wire_format = true; extensions 4 to max; }
            message Item { extend Set { optional Item item = {{number}}; } optional string text = 1; }
            """;
        Assert.Equal($"0B 10 {Varint(number)} 1A 03 0A 01 78 0C, x, x", Run(proto, """
            var set = new Set();
            set.SetExtension(Item.Extensions.Item, new Item { Text = "x" });
            var bytes = set.ToByteArray();
            var copy = Set.Parser.WithExtensionRegistry(new ExtensionRegistry { Item.Extensions.Item }).ParseFrom(bytes);
            return string.Join(" ", bytes.Select(b => b.ToString("X2"))) + $", {copy.GetExtension(Item.Extensions.Item)!.Text}"
                + $", {copy.Clone().GetExtension(Item.Extensions.Item)!.Text}";
            """));

        static string Varint(int value)
        {
            List<string> bytes = [];
            for (; value >= 0x80; value >>= 7)
            {
                bytes.Add(((value & 0x7F) | 0x80).ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
            }

            return string.Join(' ', [.. bytes, value.ToString("X2", System.Globalization.CultureInfo.InvariantCulture)]);
        }
    }

    [Fact]
    public void Extensions_of_wrappers_are_values_and_of_closed_enums_keep_unknown_numbers_out()
    {
        const string Proto = """
            syntax = "proto2"; package p; option csharp_namespace = "N";
            import "google/protobuf/wrappers.proto";
            message M { extensions 100 to 200; }
            enum Level { LOW = 1; HIGH = 2; }
            extend M {
              optional google.protobuf.Int32Value number = 100;
              optional google.protobuf.StringValue text = 101;
              repeated google.protobuf.BoolValue flags = 102;
              optional Level level = 103;
              repeated Level levels = 104;
            }
            """;
        Assert.Equal("5 x 2 False LOW B80609C00607 True", Run(Proto, """
            M m = new();
            m.SetExtension(FileExtensions.Number, 5);
            m.SetExtension(FileExtensions.Text, "x");
            m.GetOrInitializeExtension(FileExtensions.Flags).AddRange(true, false);
            byte[] unknown = [0xB8, 6, 9, 0xC0, 6, 1, 0xC0, 6, 7];
            byte[] bytes = [.. m.ToByteArray(), .. unknown];
            var registry = new ExtensionRegistry { FileExtensions.Number, FileExtensions.Text, FileExtensions.Flags, FileExtensions.Level, FileExtensions.Levels };
            M read = M.Parser.WithExtensionRegistry(registry).ParseFrom(bytes);
            return $"{read.GetExtension(FileExtensions.Number)} {read.GetExtension(FileExtensions.Text)} {read.GetExtension(FileExtensions.Flags)!.Count}"
                + $" {read.HasExtension(FileExtensions.Level)} {string.Join(",", read.GetExtension(FileExtensions.Levels)!).ToUpperInvariant()}"
                + $" {Convert.ToHexString(((IMessage)read).UnknownFields!.Encoded.Span)} {read.Equals(read.Clone())}";
            """));
    }

    // What C++ does, where a wrapper is a message with one field: a set value wins, a missing one changes nothing in the same member.
    [Theory]
    [InlineData("0A030A0161", "0A00", "0A030A0161")]
    [InlineData("0A030A0161", "0A030A0162", "0A030A0162")]
    [InlineData("0A030A0161", "1200", "1200")]
    [InlineData("12020805", "1200", "12020805")]
    [InlineData("12020805", "0A00", "0A00")]
    [InlineData("1A09090000000000000440", "1A00", "1A09090000000000000440")]
    [InlineData("1A09090000000000000440", "1A09090000000000000080", "1A09090000000000000080")]
    [InlineData("1A09090000000000000440", "1A0909000000000000F87F", "1A0909000000000000F87F")]
    [InlineData("22020801", "2200", "22020801")]
    [InlineData("2A030A01FF", "2A00", "2A030A01FF")]
    [InlineData("320909000000000000F83F", "3200", "320909000000000000F83F")]
    [InlineData("320909000000000000F83F", "3209090000000000000080", "3209090000000000000080")]
    [InlineData("3A030A0161", "3A00", "3A030A0161")]
    [InlineData("", "3A00", "3A00")]
    [InlineData("3A00", "", "3A00")]
    [InlineData("12020805", "12020800", "1200", "12020805")]
    [InlineData("3A030A0161", "3A020A00", "3A00", "3A030A0161")]
    public void Wrappers_merge_as_messages(string into, string other, string read, string? merged = null)
    {
        const string Proto = """
            syntax = "proto3"; package p; option csharp_namespace = "N";
            import "google/protobuf/wrappers.proto";
            message M {
              oneof o {
                google.protobuf.StringValue text = 1; google.protobuf.Int32Value number = 2; google.protobuf.DoubleValue ratio = 3;
                google.protobuf.BoolValue flag = 4; google.protobuf.BytesValue data = 5;
              }
              google.protobuf.DoubleValue single_ratio = 6;
              google.protobuf.StringValue single_text = 7;
            }
            """;
        Assert.Equal($"{read} {read} {merged ?? read} {merged ?? read}", Run(Proto, $$"""
            byte[] into = Convert.FromHexString("{{into}}");
            byte[] other = Convert.FromHexString("{{other}}");
            byte[] both = [.. into, .. other];
            var parser = DynamicMessage.ParserOf(M.Descriptor);
            M message = M.Parser.ParseFrom(into);
            message.MergeFrom(M.Parser.ParseFrom(other));
            DynamicMessage dynamic = parser.ParseFrom(into);
            dynamic.MergeFrom(parser.ParseFrom(other));
            byte[][] results = [M.Parser.ParseFrom(both).ToByteArray(), parser.ParseFrom(both).ToByteArray(), message.ToByteArray(), dynamic.ToByteArray()];
            return string.Join(" ", results.Select(Convert.ToHexString));
            """));
    }

    [Fact]
    public void Defaults_of_every_kind_are_those_of_the_file()
    {
        const string Proto = """
            syntax = "proto2"; package p; option csharp_namespace = "N";
            message M {
              optional int32 i32 = 1 [default = -2147483648];
              optional int64 i64 = 2 [default = -9223372036854775808];
              optional uint32 u32 = 3 [default = 4294967295];
              optional uint64 u64 = 4 [default = 18446744073709551615];
              optional double inf = 5 [default = inf];
              optional float ninf = 6 [default = -inf];
              optional double nan = 7 [default = nan];
              optional float tiny = 8 [default = 1.4e-45];
              optional double large = 9 [default = 1.7976931348623157e308];
              optional string text = 10 [default = "\"\\\n\t\001\u2028\U0001F600?"];
              optional bytes data = 11 [default = "\000\x7f\377\"\\"];
              optional bool yes = 12 [default = true];
              optional E e = 13 [default = TWO];
              optional E first = 14;
              oneof o { bytes oneof_data = 15 [default = "\376"]; sint64 oneof_min = 16 [default = -9223372036854775808]; }
              optional fixed64 hex = 17 [default = 0xFFFFFFFFFFFFFFFF];
            }
            enum E { TWO_AND_MORE = 3; TWO = 2; ONE = 1; }
            """;
        Assert.Equal(
            "-2147483648 -9223372036854775808 4294967295 18446744073709551615 Infinity -Infinity NaN 1E-45 1.7976931348623157E+308 "
            + "34,92,10,9,1,8232,55357,56832,63 AH//Ilw= True Two TwoAndMore /g== -9223372036854775808 18446744073709551615 0 False",
            Run(Proto, """
                M m = new();
                return $"{m.I32} {m.I64} {m.U32} {m.U64} {m.Inf} {m.Ninf} {m.Nan} {m.Tiny} {m.Large} "
                    + string.Join(",", m.Text.Select(c => (int)c)) + $" {m.Data.ToBase64()} {m.Yes} {m.E} {m.First} {m.OneofData.ToBase64()} {m.OneofMin} {m.Hex}"
                    + $" {m.CalculateSize()} {m.HasI32}";
                """));
    }

    [Fact]
    public void Delimited_messages_maps_closed_enums_and_extensions_go_round()
    {
        const string Proto = """
            edition = "2023"; package p; option csharp_namespace = "N"; option features.message_encoding = DELIMITED;
            message M {
              M child = 1; repeated M list = 2; map<string, M> map = 3; map<int32, E> enums = 4; E closed = 5; repeated E closed_list = 6;
              oneof o { M one = 7; E two = 8; }
              M prefixed = 9 [features.message_encoding = LENGTH_PREFIXED];
              extensions 100 to 200;
            }
            extend M { M ext = 100; repeated M exts = 101; E closed_ext = 102; repeated E closed_exts = 103 [features.repeated_field_encoding = EXPANDED]; }
            enum E { option features.enum_type = CLOSED; E_ZERO = 0; E_ONE = 1; E_TWO = 2; }
            """;
        Assert.Equal("True True 0B 13 0C 0 0 8 True", Run(Proto, """
            M full = new()
            {
                Child = new M { One = new M() }, List = { new M(), new M { Two = E.Two } }, Map = { ["k"] = new M { Closed = E.One } },
                Enums = { [1] = E.Two }, Closed = E.Two, ClosedList = { E.One, E.Two }, One = new M(), Prefixed = new M { List = { new M() } },
            };
            full.SetExtension(FileExtensions.Ext, new M { Closed = E.One });
            full.GetOrInitializeExtension(FileExtensions.Exts).Add(new M());
            full.SetExtension(FileExtensions.ClosedExt, E.Two);
            full.GetOrInitializeExtension(FileExtensions.ClosedExts).Add(E.One);
            var registry = new ExtensionRegistry { FileExtensions.Ext, FileExtensions.Exts, FileExtensions.ClosedExt, FileExtensions.ClosedExts };
            M copy = M.Parser.WithExtensionRegistry(registry).ParseFrom(full.ToByteArray());

            // A group has tags of its own kind; what a closed enum does not know goes to the unknown fields, and out again.
            string bytes = Convert.ToHexString(new M { Child = new M { List = { new M() } } }.ToByteArray());
            byte[] unknown = [0x28, 9, 0x32, 2, 9, 8, 0x40, 9];
            M open = M.Parser.ParseFrom(unknown);
            return $"{copy.Equals(full)} {copy.ToByteArray().AsSpan().SequenceEqual(full.ToByteArray())} {bytes[..2]} {bytes[2..4]} {bytes[^2..]}"
                + $" {(open.HasClosed ? 1 : 0)} {open.ClosedList.Count} {open.CalculateSize()} {open.OCase == M.OOneofCase.None}";
            """));
    }

    [Fact]
    public void Huge_enums_and_messages_compile_and_work()
    {
        var proto = new StringBuilder("syntax = \"proto3\"; package p; option csharp_namespace = \"N\";\nenum E { E_ZERO = 0;");
        for (var i = 1; i <= 10_000; i++)
        {
            proto.Append(System.Globalization.CultureInfo.InvariantCulture, $" E_VALUE_{i} = {i};");
        }

        proto.Append("} message M {");
        string[] types = ["int32", "string", "M", "repeated sint64", "optional bool", "E", "map<string, bytes>"];
        for (var i = 1; i <= 600; i++)
        {
            proto.Append(System.Globalization.CultureInfo.InvariantCulture, $" {types[i % types.Length]} field_{i} = {i};");
        }

        proto.Append('}');
        for (var i = 0; i < 25; i++)
        {
            proto.Append(System.Globalization.CultureInfo.InvariantCulture, $" message N{i} {{ N{i} n = 1;");
        }

        proto.Append(' ').Append('}', 25);
        Assert.Equal("10001 600 True", Run(proto.ToString(), """
            M m = new() { Field1 = "x", Field595 = 5, Field594 = { ["a"] = ByteString.Empty } };
            return $"{FileReflection.Descriptor.EnumTypes[0].Values.Count} {M.Descriptor.Fields.InFieldNumberOrder().Count} {M.Parser.ParseFrom(m.ToByteArray()).Equals(m)}";
            """));
    }

    private static string? Run(string proto, string body) => GeneratedSource.Run(
        GeneratedSource.Generate(new CSharpGeneratorOptions(), ("file.proto", proto)),
        $"using System;\nusing System.Linq;\nusing N;\nusing Peregrine.Protobuf;\npublic static class User {{ public static string Run() {{ {body} }} }}");
}
