// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using Peregrine.Protobuf.Compiler.CSharp;
using Xunit;

namespace Peregrine.Protobuf.Compiler.Tests.CSharp;

/// <summary>Names that are different in a .proto file and one in C#.</summary>
public class NameClashTests
{
    [Fact]
    public void The_second_of_one_name_gets_an_underscore_and_further_ones_their_number()
    {
        string code = Generate("optional int32 a_b = 1; optional int32 a__b = 2; optional int32 a___b = 3; optional int32 a____b = 4;");

        Assert.All(["int AB\n", "int AB_\n", "int AB_3\n", "int AB_4\n"], property => Assert.Contains(property, code, StringComparison.Ordinal));
    }

    [Fact]
    public void Many_fields_of_one_name_give_code_whose_size_grows_with_their_number_only()
    {
        const int Count = 500;
        int small = Generate(FieldsOfOneName(Count)).Length;
        int large = Generate(FieldsOfOneName(4 * Count)).Length;

        // Four times as many, and one digit more in each name. Names that grew by a character each would make it nine times as much.
        Assert.InRange((double)large / small, 3.9, 4.5);
    }

    // The digits of a number, written as one underscore or two before each letter.
    private static string FieldsOfOneName(int count)
    {
        StringBuilder fields = new();
        for (int i = 0; i < count; i++)
        {
            string digits = i.ToString("B12", CultureInfo.InvariantCulture).Replace("0", "_b", StringComparison.Ordinal).Replace("1", "__b", StringComparison.Ordinal);
            fields.Append(CultureInfo.InvariantCulture, $"optional int32 a{digits} = {i + 1} [json_name = \"j{i}\"];");
        }

        return fields.ToString();
    }

    private static string Generate(string fields)
    {
        CompilationResult result = Compilation.CompileText($"syntax = \"proto2\"; message M {{ {fields} }}");
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        return Assert.Single(CSharpGenerator.Generate([.. result.Files.Select(file => file.Descriptor)], ["input.proto"], new CSharpGeneratorOptions())).Text;
    }
}
