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
        Refuses(
            file =>
            {
                file.Syntax = "editions";
                file.Edition = Edition._2023;
                file.Options = new Peregrine.Protobuf.Reflection.FileOptions { Features = new FeatureSet { MessageEncoding = FeatureSet.Types.MessageEncoding.Delimited } };
                file.MessageType[0].Field[0].Type = Type.Message;
            },
            "no type_name");
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
    public void A_map_entry_with_an_extension_range_is_refused() => Refuses(
        file =>
        {
            DescriptorProto entry = new()
            {
                Name = "MapEntry",
                Options = new MessageOptions { MapEntry = true },
                Field = { Field("key", 1), Field("value", 2) },
                ExtensionRange = { new DescriptorProto.Types.ExtensionRange { Start = 100, End = 200 } },
            };
            file.MessageType[0].NestedType.Add(entry);
            file.MessageType[0].Field.Add(Field("map", 9, Type.Message, "MapEntry", Label.Repeated));
        },
        "no extensions");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Public_imports_show_what_lies_behind_them_and_others_do_not(bool isPublic)
    {
        // Two chains, whose files alternate, and a file that sees their ends through their other ends.
        FileDescriptorSet set = new();
        for (int i = 0; i < 100; i++)
        {
            FileDescriptorProto file = new() { Name = $"f{i}", Package = $"a.p{i}", MessageType = { new DescriptorProto { Name = "T" } } };
            if (i >= 2)
            {
                file.Dependency.Add($"f{i - 2}");
                if (isPublic || i != 50)
                {
                    file.PublicDependency.Add(0);
                }
            }

            set.File.Add(file);
        }

        DescriptorProto user = new() { Name = "User", Field = { Field("x", 1, Type.Message, "p1.T"), Field("y", 2, Type.Message, ".a.p0.T") } };
        set.File.Add(new FileDescriptorProto { Name = "user", Package = "a.q", Dependency = { "f98", "f99" }, MessageType = { user } });
        DescriptorPool pool = new();
        void Build()
        {
            foreach (FileDescriptorProto file in set.File)
            {
                pool.Add(file);
            }
        }

        if (isPublic)
        {
            Build();
            Assert.Equal("a.p0.T", pool.FindMessage("a.q.User")!.Fields["y"].MessageType.FullName);
        }
        else
        {
            Assert.Equal("a.q.User.y", Assert.Throws<DescriptorValidationException>(Build).ProblemSymbolName);
        }
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
        DescriptorValidationException missing = Assert.Throws<DescriptorValidationException>(() => new DescriptorPool().Add(a));
        Assert.StartsWith("a.proto: It imports \"b.proto\", which is not in the pool.", missing.Message, StringComparison.Ordinal);
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

    [Fact]
    public void Names_that_would_fill_the_memory_are_refused()
    {
        Refuses(file => file.Package = string.Join('.', Enumerable.Repeat("p", 300)), "511");
        Refuses(file => file.MessageType[0].Name = new string('m', 65_536), "65535");
        Refuses(
            file =>
            {
                file.MessageType[0].Name = new string('m', 60_000);
                file.MessageType[0].Field.AddRange(Enumerable.Range(10, 5_000).Select(i => Field($"f{i}", i)));
            },
            "together");
    }

    [Fact]
    public void Many_fields_and_many_ranges_take_no_product_of_both()
    {
        const int Count = 20_000;
        FileDescriptorProto file = Good();
        DescriptorProto message = new() { Name = "Large" };
        EnumDescriptorProto each = new() { Name = "LargeEnum" };
        for (int i = 0; i < Count; i++)
        {
            message.Field.Add(Field($"f{i}", (3 * i) + 100_000));
            message.ReservedRange.Add(new DescriptorProto.Types.ReservedRange { Start = (3 * i) + 100_001, End = (3 * i) + 100_002 });
            message.ExtensionRange.Add(new DescriptorProto.Types.ExtensionRange { Start = (3 * i) + 100_002, End = (3 * i) + 100_003 });
            message.ReservedName.Add($"r{i}");
            each.Value.Add(new EnumValueDescriptorProto { Name = $"V{i}", Number = 2 * i });
            each.ReservedRange.Add(new EnumDescriptorProto.Types.EnumReservedRange { Start = (2 * i) + 1, End = (2 * i) + 1 });
            each.ReservedName.Add($"R{i}");
            file.Extension.Add(new FieldDescriptorProto { Name = $"x{i}", Number = (3 * i) + 100_002, Type = Type.Int32, Extendee = ".p.q.Large" });
        }

        file.MessageType.Add(message);
        file.EnumType.Add(each);
        DescriptorPool pool = new();
        pool.Add(file);
        Assert.Equal("x5", pool.FindExtension(pool.FindMessage("p.q.Large")!, 100_017)!.Name);
        Assert.Same(pool.FindExtension("p.q.x5"), pool.FindExtension(pool.FindMessage("p.q.Large")!, 100_017));
        Assert.Null(pool.FindExtension("p.q.Large"));
    }

    [Fact]
    public void Reserved_numbers_of_enums_are_inclusive_up_to_the_largest() => Refuses(
        file =>
        {
            file.EnumType[0].Value.Add(new EnumValueDescriptorProto { Name = "LAST", Number = int.MaxValue });
            file.EnumType[0].ReservedRange.Add(new EnumDescriptorProto.Types.EnumReservedRange { Start = 5, End = int.MaxValue });
        },
        "reserved");

    [Fact]
    public void Two_extensions_of_one_number_are_refused_with_both_files()
    {
        FileDescriptorProto file = Good();
        file.MessageType[0].ExtensionRange.Add(new DescriptorProto.Types.ExtensionRange { Start = 100, End = 200 });
        FileDescriptorProto Extending(string name) => new()
        {
            Name = name + ".proto",
            Dependency = { "a.proto" },
            Extension = { new FieldDescriptorProto { Name = name, Number = 150, Type = Type.Int32, Extendee = ".p.q.M" } },
        };
        DescriptorPool pool = new();
        pool.AddAll([Extending("one"), file]);
        DescriptorValidationException e = Assert.Throws<DescriptorValidationException>(() => pool.Add(Extending("two")));
        Assert.Equal("two.proto: two: Number 150 of p.q.M is already that of the extension one in file one.proto.", e.Message);
        Assert.Null(pool.FindFile("two.proto"));
        Assert.Equal("one.proto", pool.FindFileOf("one")!.Name);
        Assert.Null(pool.FindFileOf("p.q"));
        Assert.Equal(["a.proto", "one.proto"], pool.Files.Select(each => each.Name));
    }

    [Theory]
    [InlineData("Value", 5, "Value")] // would be read without end
    [InlineData("Int32Value", 7, null)]
    [InlineData("Any", 1, null)]
    [InlineData("Timestamp", 1, null)]
    [InlineData("Struct", 1, "Struct")]
    [InlineData("ListValue", 1, "ListValue")]
    [InlineData("FieldMask", 1, null)]
    public void A_type_with_the_name_of_a_well_known_one_and_another_shape_is_a_message_like_any_other(string name, int number, string? typeName)
    {
        FileDescriptorProto file = new()
        {
            Name = "w.proto",
            Package = "google.protobuf",
            MessageType = { new DescriptorProto { Name = name, Field = { Field("f", number, typeName is null ? Type.Bool : Type.Message, typeName) } } },
        };
        MessageDescriptor type = DescriptorBuilder.Build(file, []).MessageTypes[0];
        string value = typeName is null ? "true" : "{\"f\":{}}";
        IMessage message = JsonParser.Default.Parse($"{{\"f\":{value}}}", type);
        Assert.Equal(message, type.Parser.ParseFrom(message.ToByteArray()));
        Assert.Equal($"{{ \"f\": {value} }}".Replace(" ", "", StringComparison.Ordinal), JsonFormatter.Default.Format(message).Replace(" ", "", StringComparison.Ordinal));
    }
}
