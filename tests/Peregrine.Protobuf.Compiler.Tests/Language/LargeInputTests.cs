// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using Peregrine.Protobuf.Compiler.Emit;
using Peregrine.Protobuf.Compiler.Sources;
using Peregrine.Protobuf.Compiler.Symbols;
using Peregrine.Protobuf.Reflection;
using Xunit;

namespace Peregrine.Protobuf.Compiler.Tests.Language;

/// <summary>Input of a size at which comparing each with each would take minutes: such a pass would make these tests hang.</summary>
public class LargeInputTests
{
    private const int Count = 20_000;

    private static FileDescriptorProto Compile(string head, Func<int, string> line, string tail, int count = Count)
    {
        StringBuilder text = new("syntax = \"proto2\";\n" + head);
        for (int i = 0; i < count; i++)
        {
            text.Append(line(i)).Append('\n');
        }

        CompilationResult result = AnnotatedText.Compile(text.Append(tail).ToString());
        Assert.Empty(result.Diagnostics);
        return result.Roots[0].Descriptor;
    }

    // Below and above the numbers that no field may have.
    private static int Number(int i) => i < 18_000 ? i + 1 : i + 20_001;

    [Fact]
    public void A_message_of_many_fields_compiles() =>
        Assert.Equal(2 * Count, Compile("message M { reserved 600000 to 600009; extensions 700000 to max;\n", i => $"optional int32 f{i} = {Number(i)};", "}", 2 * Count).MessageType[0].Field.Count);

    [Fact]
    public void An_enum_of_many_values_compiles_and_is_looked_up_by_name() =>
        Assert.Equal(Count, Compile("enum E {\n", i => $"V{i} = {i};", "} message M {" + string.Concat(Enumerable.Range(1, 5000).Select(i => $"optional E e{i} = {i} [default = V{Count - i}];")) + "}").EnumType[0].Value.Count);

    [Fact]
    public void Many_oneofs_keep_their_indexes()
    {
        FileDescriptorProto file = Compile("message M {\n", i => $"oneof o{i} {{ int32 f{i} = {Number(i)}; }}", "}");
        Assert.Equal(Enumerable.Range(0, Count), file.MessageType[0].Field.Select(field => field.OneofIndex));
    }

    [Fact]
    public void Many_ranges_and_extensions_compile() =>
        Assert.Equal(Count, Compile("message M {\n", i => string.Create(CultureInfo.InvariantCulture, $"reserved {(6 * i) + 20_001} to {(6 * i) + 20_002}; extensions {(6 * i) + 20_004};"), "} extend M {" + string.Concat(Enumerable.Range(0, Count).Select(i => $"optional int32 x{i} = {(6 * i) + 20_004};")) + "}").Extension.Count);

    [Fact]
    public void Many_options_of_one_symbol_compile() =>
        Assert.Equal(1, Compile("import \"google/protobuf/descriptor.proto\"; extend google.protobuf.FileOptions { repeated string note = 50000; optional string hidden = 50001 [retention = RETENTION_SOURCE]; }\noption (hidden) = \"x\";\n", i => $"option (note) = \"n{i}\";", "").Extension.Count(extension => extension.Name == "note"));

    [Fact]
    public void A_message_with_two_clashing_halves_reports_errors_up_to_the_limit()
    {
        StringBuilder text = new("syntax = \"proto3\"; message M {\n");
        for (int i = 0; i < Count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"reserved {Number(i)} to max; int32 f{i} = {Number(i)}; Missing g{i} = {Number(i)};\n");
        }

        CompilationResult result = AnnotatedText.Compile(text.Append('}').ToString());
        Assert.InRange(result.Diagnostics.Count, 100, 1000);
    }

    [Fact]
    public void Twice_the_ranges_cost_one_more_comparison_a_question()
    {
        static long Cost(int count)
        {
            NumberRanges ranges = new([.. Enumerable.Range(0, count).Select(i => (10L * i, (10L * i) + 5))]);
            for (int i = 0; i < 1000; i++)
            {
                Assert.Equal(i % count, ranges.Find((10L * (i % count)) + 4));
                Assert.Equal(-1, ranges.Find((10L * (i % count)) + 5));
            }

            return ranges.Comparisons;
        }

        Assert.InRange(Cost(1 << 15) - Cost(1 << 14), 0, 2000);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Ranges_find_what_comparing_each_with_each_finds(int seed)
    {
        Random random = new(seed);
        for (int round = 0; round < 300; round++)
        {
            List<(long Start, long End)> list = [];
            for (int i = random.Next(6); i >= 0; i--)
            {
                long start = random.Next(40);
                list.Add((start, start + random.Next(1, 12)));
            }

            NumberRanges ranges = new(list);
            for (int n = -1; n < 55; n++)
            {
                int found = ranges.Find(n);
                Assert.Equal(list.Exists(range => range.Start <= n && n < range.End), found >= 0);
                Assert.True(found < 0 || (list[found].Start <= n && n < list[found].End));
            }

            List<(int First, int Second)> pairs = ranges.Overlaps();
            Assert.All(pairs, pair => Assert.True(pair.First < pair.Second && list[pair.First].Start < list[pair.Second].End && list[pair.Second].Start < list[pair.First].End));
            for (int i = 0; i < list.Count; i++)
            {
                bool overlaps = list.Where((range, j) => j != i && range.Start < list[i].End && list[i].Start < range.End).Any();
                Assert.True(!overlaps || pairs.Count > 0);
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(126)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(16_383)]
    [InlineData(16_384)]
    public void Nested_lengths_are_those_of_their_content(int size)
    {
        byte[] content = new byte[size];
        byte[] expected = content;
        WireBuffer output = new();
        int[] marks = new int[40];
        for (int i = 0; i < marks.Length; i++)
        {
            marks[i] = output.Open(1);
        }

        foreach (byte _ in content)
        {
            output.Varint(0);
        }

        for (int i = marks.Length - 1; i >= 0; i--)
        {
            output.Close(marks[i]);
            output.Int32(2, i);
            WireBuffer outer = new();
            outer.Bytes(1, expected);
            outer.Int32(2, i);
            expected = outer.ToArray();
        }

        Assert.Equal(expected, output.ToArray());
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(2, 1, 3)]
    [InlineData(3, 2, 1)]
    [InlineData(4, 2, 9)]
    [InlineData(6, 2, 17)]
    [InlineData(8, 3, 1)]
    [InlineData(9, 4, 1)]
    [InlineData(10, 4, 2)]
    [InlineData(99, 4, 2)]
    public void Positions_count_lines_and_columns_with_tabs(int offset, int line, int column) =>
        Assert.Equal((line, column), new SourceFile("a", "ab\n\tx\t\r\n\nz"u8.ToArray()).GetPosition(offset));
}
