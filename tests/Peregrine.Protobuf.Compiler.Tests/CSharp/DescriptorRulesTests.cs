// SPDX-License-Identifier: Apache-2.0

using Peregrine.Protobuf.Compiler.CSharp;
using Peregrine.Protobuf.Compiler.Sources;
using Peregrine.Protobuf.Reflection;
using Xunit;
using FieldType = Peregrine.Protobuf.Reflection.FieldDescriptorProto.Types.Type;
using Label = Peregrine.Protobuf.Reflection.FieldDescriptorProto.Types.Label;

namespace Peregrine.Protobuf.Compiler.Tests.CSharp;

/// <summary>Descriptors that no compiler writes are refused with what is wrong: they come from requests and descriptor sets of anybody.</summary>
public sealed class DescriptorRulesTests
{
    private static readonly Dictionary<string, (string Message, Action<FileDescriptorProto> Break)> Wrong = new()
    {
        ["an enum without values"] = ("the enum \"E\" has no values", file => file.EnumType[0].Value.Clear()),
        ["a default that is no value"] = ("\"E\" has no value \"Z\"", file => Field(file, FieldType.Enum, ".E").DefaultValue = "Z"),
        ["a default that is code"] = ("default of \"f\" is not possible", file => Field(file, FieldType.Int32).DefaultValue = "1; } class X { int y = 2"),
        ["a default with half an escape"] = ("default of \"f\" is not possible", file => Field(file, FieldType.Bytes).DefaultValue = "\\x"),
        ["a name that is code"] = ("\"M { } class X\" is no name", file => file.MessageType[0].Name = "M { } class X"),
        ["an empty name"] = ("\"\" is no name", file => Field(file, FieldType.Int32).Name = ""),
        ["a file name that ends a comment"] = ("control characters", file => file.Name = "a.proto\nclass X { }"),
        ["a package that is code"] = ("is no package", file => file.Package = "a { } namespace b"),
        ["a number below 1"] = ("number or default of \"f\"", file => Field(file, FieldType.Int32).Number = -1),
        ["a type that does not exist"] = ("type, label", file => Field(file, (FieldType)99)),
        ["a map entry without fields"] = ("\"FEntry\" is no entry of a map", file => Entry(file)),
        ["a map entry with a message as key"] = ("is no entry of a map", file => Entry(file,
            new FieldDescriptorProto { Name = "key", Number = 1, Label = Label.Optional, Type = FieldType.Message, TypeName = ".M" },
            new FieldDescriptorProto { Name = "value", Number = 2, Label = Label.Optional, Type = FieldType.Int32 })),
        ["a wrapper of itself"] = ("\"M\" is no wrapper of one scalar", file =>
        {
            file.Name = "google/protobuf/wrappers.proto";
            Field(file, FieldType.Message, ".M");
        }
        ),
    };

    public static TheoryData<string> Cases => [.. Wrong.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_descriptor_is_refused_that_has(string what)
    {
        FileDescriptorProto file = new() { Name = "a.proto", Syntax = "proto2" };
        file.MessageType.Add(new DescriptorProto { Name = "M" });
        file.EnumType.Add(new EnumDescriptorProto { Name = "E", Value = { new EnumValueDescriptorProto { Name = "A", Number = 0 } } });
        Assert.NotEmpty(CSharpGenerator.Generate([file.Clone()], ["a.proto"], new CSharpGeneratorOptions()));
        Wrong[what].Break(file);
        var error = Assert.Throws<CSharpGeneratorException>(() => CSharpGenerator.Generate([file], [file.Name], new CSharpGeneratorOptions()));
        Assert.Contains(Wrong[what].Message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_descriptor_that_is_nested_deeper_than_a_text_may_be_is_an_error_without_a_place()
    {
        DescriptorProto message = new() { Name = "M" };
        for (int i = 0; i < 90; i++)
        {
            message = new DescriptorProto { Name = "M" + i, NestedType = { message } };
        }

        FileDescriptorSet set = new() { File = { new FileDescriptorProto { Name = "a.proto", MessageType = { message } } } };
        ImportResolver resolver = new();
        resolver.AddDescriptorSet(set.ToByteArray());
        Assert.Contains(new Compilation(resolver).Compile("a.proto").Diagnostics, error => error.Message.Contains("nested more than", StringComparison.Ordinal));
    }

    private static FieldDescriptorProto Field(FileDescriptorProto file, FieldType type, string typeName = "")
    {
        FieldDescriptorProto field = new() { Name = "f", Number = 1, Label = Label.Optional, Type = type };
        if (typeName.Length != 0)
        {
            field.TypeName = typeName;
        }

        file.MessageType[0].Field.Add(field);
        return field;
    }

    private static void Entry(FileDescriptorProto file, params FieldDescriptorProto[] fields)
    {
        DescriptorProto entry = new() { Name = "FEntry", Options = new MessageOptions { MapEntry = true } };
        entry.Field.Add(fields);
        file.MessageType[0].NestedType.Add(entry);
        Field(file, FieldType.Message, ".M.FEntry").Label = Label.Repeated;
    }
}
