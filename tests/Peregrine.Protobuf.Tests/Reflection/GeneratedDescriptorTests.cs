// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Reflection;
using Peregrine.Protobuf.Tests.Messages;
using Peregrine.Protobuf.WellKnownTypes;
using Xunit;

namespace Peregrine.Protobuf.Tests.Reflection;

public sealed class GeneratedDescriptorTests
{
    private static MessageDescriptor Message => Sample.Descriptor;

    [Fact]
    public void The_file_knows_its_types()
    {
        FileDescriptor file = SampleReflection.Descriptor;
        Assert.Equal("peregrine.tests", file.Package);
        Assert.Same(Message, file.MessageTypes[0]);
        Assert.Same(Message, file.FindTypeByName<MessageDescriptor>("Sample"));
        Assert.Same(Sample.Types.Point.Descriptor, file.FindTypeByName<MessageDescriptor>("Sample.Point"));
        Assert.Equal(["COLOR_UNSPECIFIED", "COLOR_RED"], file.EnumTypes[0].Values.Select(value => value.Name));
        Assert.Equal(["weight", "notes", "origin"], file.Extensions.UnorderedExtensions.Select(extension => extension.Name));
        Assert.Same(Message, file.Extensions.UnorderedExtensions[0].ExtendeeType);
        Assert.Same(SampleExtensions.Weight, file.Extensions.UnorderedExtensions[0].Extension);
        Assert.Same(typeof(Sample), Message.ClrType);
        Assert.Same(Sample.Parser, Message.Parser);
        Assert.Equal(FileDescriptorProto.Parser.ParseFrom(file.SerializedData), file.ToProto());
    }

    [Fact]
    public void Features_decide_presence_packing_and_encoding()
    {
        Assert.False(Message.Fields["id"].HasPresence);
        Assert.True(Message.Fields["count"].HasPresence);
        Assert.True(Message.Fields["text"].HasPresence);
        Assert.True(Message.Fields["required"].IsRequired);
        Assert.True(Message.Fields["numbers"].IsPacked);
        Assert.False(Message.Fields["loose"].IsPacked);
        Assert.Equal(FieldType.Group, Message.Fields["point"].FieldType);
        Assert.Equal(FieldType.Message, Message.Fields["child"].FieldType);
        Assert.True(Message.Fields["level"].EnumType.IsClosed);
        Assert.False(Message.Fields["color"].EnumType.IsClosed);
        Assert.True(Message.Fields["name"].RequiresUtf8Validation);
        Assert.False(Message.Fields["legacy"].RequiresUtf8Validation);
        Assert.True(Message.Fields["counts"].IsMap);
        Assert.True(Message.NestedTypes[0].IsMapEntry);
        Assert.Equal(7, Message.Fields["count"].DefaultValue);
        Assert.Equal("old", Message.Fields["legacy"].DefaultValue);
        Assert.Equal(1, Message.Fields["level"].DefaultValue);
    }

    [Fact]
    public void Fields_are_found_by_number_and_name()
    {
        Assert.Same(Message.Fields[4], Message.Fields["count"]);
        Assert.Null(Message.FindFieldByNumber(100));
        Assert.Null(Message.FindFieldByName("nope"));
        Assert.Throws<KeyNotFoundException>(() => Message.Fields["nope"]);
        Assert.Equal(Message.Fields.InFieldNumberOrder().Select(field => field.FieldNumber).Order(), Message.Fields.InFieldNumberOrder().Select(field => field.FieldNumber));
        Assert.Equal("body", Message.Fields["text"].RealContainingOneof!.Name);
        Assert.Equal(3, Message.Oneofs[0].Fields.Count);
    }

    [Fact]
    public void Accessors_read_and_write_generated_messages()
    {
        Sample sample = new();
        IFieldAccessor name = Message.Fields["name"].Accessor;
        Assert.False(name.HasValue(sample));
        name.SetValue(sample, "x");
        Assert.Equal("x", sample.Name);
        Assert.Equal("x", name.GetValue(sample));
        name.Clear(sample);
        Assert.Equal("", sample.Name);
        Message.Fields["color"].Accessor.SetValue(sample, 1);
        Assert.Equal(Color.Red, sample.Color);
        sample.Size = 3;
        Assert.Equal("size", Message.Oneofs[0].Accessor.GetCaseFieldDescriptor(sample)!.Name);
        Message.Oneofs[0].Accessor.Clear(sample);
        Assert.Null(Message.Oneofs[0].Accessor.GetCaseFieldDescriptor(sample));
        Assert.Throws<ArgumentException>(() => name.GetValue(new Duration()));
        Assert.Throws<InvalidOperationException>(() => Message.Fields["words"].Accessor.SetValue(sample, null));
    }

    [Fact]
    public void Descriptor_proto_describes_itself()
    {
        MessageDescriptor field = FieldDescriptorProto.Descriptor;
        Assert.Equal("google.protobuf.FieldDescriptorProto", field.FullName);
        Assert.Equal("typeName", field.Fields["type_name"].JsonName);
        Assert.True(field.Fields["name"].HasPresence);
        Assert.False(field.Fields["name"].RequiresUtf8Validation);
        Assert.Same(FileDescriptor.DescriptorProtoFileDescriptor, field.File);
    }

    [Fact]
    public void Concurrent_first_use_gives_one_descriptor()
    {
        FileDescriptor file = FileDescriptor.FromGeneratedCode(SampleReflection.Descriptor.SerializedData.Span, [.. SampleReflection.Descriptor.Dependencies], [], [], []);
        FieldDescriptor[] found = new FieldDescriptor[16];
        Parallel.For(0, found.Length, i => found[i] = file.MessageTypes[0].Fields[1]);
        Assert.All(found, field => Assert.Same(found[0], field));
    }

    [Fact]
    public void The_registry_holds_nested_and_imported_types()
    {
        TypeRegistry registry = TypeRegistry.FromFiles(SampleReflection.Descriptor);
        Assert.Same(Message, registry.Find("peregrine.tests.Sample"));
        Assert.NotNull(registry.Find("peregrine.tests.Sample.Point"));
        Assert.Null(registry.Find("nope"));
        Assert.NotNull(registry.FindExtension("peregrine.tests.notes"));
        Assert.NotNull(TypeRegistry.FromMessages(Google.Rpc.Status.Descriptor).Find("google.protobuf.Any"));
    }
}
