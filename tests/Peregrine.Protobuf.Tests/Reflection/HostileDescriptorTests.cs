// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Reflection;
using Xunit;
using Label = Peregrine.Protobuf.Reflection.FieldDescriptorProto.Types.Label;
using Type = Peregrine.Protobuf.Reflection.FieldDescriptorProto.Types.Type;

namespace Peregrine.Protobuf.Tests.Reflection;

public sealed class HostileDescriptorTests
{
    private static FieldDescriptorProto Field(string name, int number, Type type = Type.Int32, string? typeName = null, Label label = Label.Optional)
    {
        FieldDescriptorProto field = new() { Name = name, Number = number, Type = type, Label = label };
        if (typeName is not null)
        {
            field.TypeName = typeName;
        }

        return field;
    }

    private static FileDescriptorProto Good() => new()
    {
        Name = "a.proto",
        Package = "p.q",
        Syntax = "proto3",
        MessageType =
        {
            new DescriptorProto
            {
                Name = "M",
                Field = { Field("a", 1), Field("b", 2, Type.Message, "M"), Field("e", 3, Type.Enum, ".p.q.E") },
            },
        },
        EnumType = { new EnumDescriptorProto { Name = "E", Value = { new EnumValueDescriptorProto { Name = "ZERO", Number = 0 } } } },
    };

    private static DescriptorValidationException Refuses(Action<FileDescriptorProto> spoil, string part)
    {
        FileDescriptorProto file = Good();
        spoil(file);
        DescriptorValidationException e = Assert.Throws<DescriptorValidationException>(() => DescriptorBuilder.Build(file, []));
        Assert.Contains(part, e.Message, StringComparison.Ordinal);
        return e;
    }

    [Fact]
    public void A_good_file_links_relative_and_full_names()
    {
        FileDescriptor file = DescriptorBuilder.Build(Good(), []);
        MessageDescriptor message = file.MessageTypes[0];
        Assert.Same(message, message.Fields["b"].MessageType);
        Assert.Same(file.EnumTypes[0], message.Fields["e"].EnumType);
        Assert.IsType<DynamicMessage>(message.Parser.CreateTemplate());
        Assert.Throws<InvalidOperationException>(() => message.Fields["a"].EnumType);
    }

    [Fact]
    public void Unresolved_names_are_named() =>
        Assert.Equal("p.q.M.b", Refuses(file => file.MessageType[0].Field[1].TypeName = "Nope", "\"Nope\"").ProblemSymbolName);

    [Fact]
    public void Duplicates_are_refused()
    {
        Refuses(file => file.MessageType.Add(new DescriptorProto { Name = "M" }), "already defined");
        Refuses(file => file.MessageType.Add(new DescriptorProto { Name = "ZERO" }), "already defined");
        Refuses(file => file.MessageType[0].Field.Add(Field("a", 9)), "already defined");
        Refuses(file => file.MessageType[0].Field.Add(Field("z", 1)), "already that of field \"a\"");
        Refuses(file => file.MessageType[0].Field.Add(new FieldDescriptorProto { Name = "z", Number = 9, Type = Type.Int32, JsonName = "a" }), "JSON name");
        Refuses(file => file.EnumType[0].Value.Add(new EnumValueDescriptorProto { Name = "ALSO", Number = 0 }), "allow_alias");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(19000)]
    [InlineData(19999)]
    [InlineData(1 << 29)]
    public void Bad_field_numbers_are_refused(int number) => Refuses(file => file.MessageType[0].Field[0].Number = number, "Number");

    [Fact]
    public void Wrong_shapes_are_refused()
    {
        Refuses(file => file.Name = "", "no name");
        Refuses(file => file.Package = "p..q", "package");
        Refuses(file => file.Syntax = "proto4", "proto4");
        Refuses(file => file.Syntax = "editions", "Edition");
        Refuses(file => file.MessageType[0].Name = "a b", "identifier");
        Refuses(file => file.MessageType[0].Field[0].OneofIndex = 5, "oneof_index 5");
        Refuses(file => file.MessageType[0].Field[0].OneofIndex = -1, "oneof_index -1");
        Refuses(file => file.MessageType[0].OneofDecl.Add(new OneofDescriptorProto { Name = "o" }), "no fields");
        Refuses(file => file.MessageType[0].Field[0].Label = Label.Required, "required");
        Refuses(file => file.MessageType[0].Field[0].Type = (Type)77, "77");
        Refuses(file => file.MessageType[0].Field[0].TypeName = "M", "no type_name");
        Refuses(file => file.MessageType[0].Field[1].Type = Type.Enum, "not an enum");
        Refuses(file => file.MessageType[0].Field[2].Type = Type.Message, "not a message");
        Refuses(file => file.MessageType[0].Field[0].DefaultValue = "1", "default");
        Refuses(file => file.EnumType[0].Value.Clear(), "no values");
        Refuses(file => file.EnumType[0].Value[0].Number = 1, "zero");
        Refuses(file => file.PublicDependency.Add(3), "public_dependency");
        Refuses(file => file.MessageType[0].ReservedRange.Add(new DescriptorProto.Types.ReservedRange { Start = 1, End = 2 }), "reserved");
        Refuses(file => file.Extension.Add(Field("x", 100)), "extendee");
        Refuses(file => file.Extension.Add(new FieldDescriptorProto { Name = "x", Number = 100, Type = Type.Int32, Extendee = "M" }), "aside");
        Refuses(file => file.Service.Add(new ServiceDescriptorProto { Name = "S", Method = { new MethodDescriptorProto { Name = "C", InputType = "E", OutputType = "M" } } }), "not a message");
        Refuses(file => file.MessageType.Add(new DescriptorProto { Name = "Map", Options = new MessageOptions { MapEntry = true } }), "map entry");
    }

    [Fact]
    public void Deep_nesting_is_refused_and_no_stack_overflow()
    {
        DescriptorProto nested = new() { Name = "N" };
        for (int i = 0; i < 10_000; i++)
        {
            nested = new DescriptorProto { Name = "N", NestedType = { nested } };
        }

        Refuses(file => file.MessageType.Add(nested), "nested");
    }

    [Fact]
    public void Missing_and_cyclic_imports_are_refused()
    {
        FileDescriptorProto a = new() { Name = "a.proto", Dependency = { "b.proto" } };
        FileDescriptorProto b = new() { Name = "b.proto", Dependency = { "a.proto" } };
        Assert.Contains("not in the pool", Assert.Throws<DescriptorValidationException>(() => new DescriptorPool().Add(a)).Message, StringComparison.Ordinal);
        Assert.Contains("cycle", Assert.Throws<DescriptorValidationException>(() => DescriptorPool.FromFileDescriptorSet(new FileDescriptorSet { File = { a, b } })).Message, StringComparison.Ordinal);
        Assert.Throws<DescriptorValidationException>(() => FileDescriptor.BuildFromByteStrings([a.ToByteString()]));
    }

    [Fact]
    public void A_pool_sorts_imports_and_finds_every_symbol()
    {
        FileDescriptorProto user = new()
        {
            Name = "user.proto",
            Dependency = { "a.proto" },
            MessageType = { new DescriptorProto { Name = "U", Field = { Field("m", 1, Type.Message, ".p.q.M") } } },
        };
        DescriptorPool pool = DescriptorPool.FromFileDescriptorSet(new FileDescriptorSet { File = { user, Good() } });
        Assert.Same(pool.FindMessage("p.q.M"), pool.FindMessage("U")!.Fields["m"].MessageType);
        Assert.IsType<EnumValueDescriptor>(pool.FindSymbol("p.q.ZERO"));
        Assert.IsType<FieldDescriptor>(pool.FindSymbol("p.q.M.a"));
        FileDescriptorProto clash = new() { Name = "clash.proto", MessageType = { new DescriptorProto { Name = "p" } } };
        Assert.Contains("package", Assert.Throws<DescriptorValidationException>(() => pool.Add(clash)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Source_comments_are_found()
    {
        FileDescriptorProto proto = Good();
        proto.SourceCodeInfo = new SourceCodeInfo { Location = { new SourceCodeInfo.Types.Location { Path = { 4, 0, 2, 1 }, Span = { 3, 2, 9 }, LeadingComments = " about b\n" } } };
        DescriptorDeclaration declaration = DescriptorBuilder.Build(proto, []).MessageTypes[0].Fields["b"].Declaration!;
        Assert.Equal(" about b\n", declaration.LeadingComments);
        Assert.Equal((3, 2, 3, 9), (declaration.StartLine, declaration.StartColumn, declaration.EndLine, declaration.EndColumn));
    }
}
