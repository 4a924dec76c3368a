// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using Peregrine.Protobuf.Compiler.CSharp;
using Peregrine.Protobuf.Compiler.Tests.CSharp;
using Peregrine.Protobuf.Reflection;
using Xunit;

namespace Peregrine.Protobuf.Compiler.Tests.Descriptors;

/// <summary>Custom options of every kind of descriptor, by generated extensions and by descriptors of extensions.</summary>
public class CustomOptionTests
{
    private const string Text = """
        syntax = "proto2";
        package p;
        option csharp_namespace = "N";
        import "google/protobuf/descriptor.proto";

        message Detail { optional string text = 1; repeated int32 numbers = 2; extensions 100 to 200; }
        extend Detail { optional bool deep = 100; }
        enum Level { LOW = 1; HIGH = 2; }

        extend google.protobuf.FileOptions { optional string on_file = 50000; }
        extend google.protobuf.MessageOptions { optional Detail on_message = 50000; repeated Detail details = 50001; }
        extend google.protobuf.FieldOptions { repeated Level on_field = 50000; optional int32 with_default = 50001 [default = 7]; }
        extend google.protobuf.OneofOptions { optional sint64 on_oneof = 50000; }
        extend google.protobuf.EnumOptions { optional bytes on_enum = 50000; repeated string names = 50001; }
        extend google.protobuf.EnumValueOptions { optional double on_value = 50000; }
        extend google.protobuf.ServiceOptions { optional Level on_service = 50000; }
        extend google.protobuf.MethodOptions { optional bool on_method = 50000; }

        option (on_file) = "file";
        message M {
          option (on_message) = { text: "x", numbers: [1, 2], [p.deep]: true };
          option (details) = { text: "y" };
          option (details) = { text: "z" };
          optional int32 a = 1 [(on_field) = LOW, (on_field) = HIGH];
          optional int32 bare = 2;
          oneof o { option (on_oneof) = -5; int32 b = 3; }
        }
        enum E { option (on_enum) = "\001\002"; option (names) = "n"; A = 0 [(on_value) = -0.5]; }
        service S { option (on_service) = HIGH; rpc R(M) returns (M) { option (on_method) = true; } }
        """;

    [Fact]
    public void Generated_extensions_give_typed_values()
    {
        Assert.Equal("file x:2:True y,z Low,High 7 -5 AQI= n -0.5 High True | 0 True 0 x 2", GeneratedSource.Run(
            GeneratedSource.Generate(new CSharpGeneratorOptions(), ("file.proto", Text)),
            """
            using System;
            using System.Linq;
            using N;
            using Peregrine.Protobuf;
            public static class User
            {
                public static string Run()
                {
                    var file = FileReflection.Descriptor;
                    var message = M.Descriptor;
                    var field = message.FindFieldByName("a")!;
                    var bare = message.FindFieldByName("bare")!;
                    var detail = message.GetOption(FileExtensions.OnMessage)!;
                    var set = $"{file.GetOption(FileExtensions.OnFile)} {detail.Text}:{detail.Numbers.Count}:{detail.GetExtension(FileExtensions.Deep)}"
                        + $" {string.Join(",", message.GetOption(FileExtensions.Details).Select(each => each.Text))}"
                        + $" {string.Join(",", field.GetOption(FileExtensions.OnField))} {bare.GetOption(FileExtensions.WithDefault)}"
                        + $" {message.Oneofs[0].GetOption(FileExtensions.OnOneof)} {file.EnumTypes[1].GetOption(FileExtensions.OnEnum)!.ToBase64()}"
                        + $" {string.Join(",", file.EnumTypes[1].GetOption(FileExtensions.Names))} {file.EnumTypes[1].Values[0].GetOption(FileExtensions.OnValue)}"
                        + $" {S.Descriptor.GetOption(FileExtensions.OnService)} {S.Descriptor.Methods[0].GetOption(FileExtensions.OnMethod)}";

                    // What is given is a copy.
                    detail.Text = "changed";
                    message.GetOption(FileExtensions.Details).Clear();
                    return $"{set} | {bare.GetOption(FileExtensions.OnField).Count} {N.Detail.Descriptor.GetOption(FileExtensions.OnMessage) is null}"
                        + $" {file.EnumTypes[0].GetOption(FileExtensions.Names).Count} {message.GetOption(FileExtensions.OnMessage)!.Text} {message.GetOption(FileExtensions.Details).Count}";
                }
            }
            """));
    }

    // A pool that was built without a registry holds custom options as unknown fields; one built with it, as dynamic values.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Extensions_of_a_pool_give_dynamic_values(bool parsedWithExtensions)
    {
        CompilationResult result = Compilation.CompileText(Text);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        FileDescriptorSet set = new() { File = { result.Files.Select(file => FileDescriptorProto.Parser.ParseFrom(file.Serialized.Span)) } };
        DescriptorPool pool = DescriptorPool.FromFileDescriptorSet(set);
        if (parsedWithExtensions)
        {
            pool = DescriptorPool.FromFileDescriptorSet(FileDescriptorSet.Parser.WithExtensionRegistry(pool.ToExtensionRegistry()).ParseFrom(set.ToByteArray()));
        }

        FileDescriptor file = pool.Files[^1];
        MessageDescriptor message = pool.FindMessage("p.M")!;
        FieldDescriptor field = message.Fields["a"];
        Assert.Equal("file", file.GetOption(Option("on_file")));
        DynamicMessage detail = Assert.IsType<DynamicMessage>(message.GetOption(Option("on_message")));
        Assert.Equal("x", detail["text"]);
        Assert.Equal(true, detail.GetField(Option("deep")));
        Assert.Equal(["y", "z"], Assert.IsType<IEnumerable>(message.GetOption(Option("details")), exactMatch: false).Cast<DynamicMessage>().Select(each => each["text"]));
        Assert.Equal([1, 2], Assert.IsType<IEnumerable>(field.GetOption(Option("on_field")), exactMatch: false).Cast<int>());
        Assert.Equal(7, field.GetOption(Option("with_default")));
        Assert.Equal(-5L, message.Oneofs[0].GetOption(Option("on_oneof")));
        EnumDescriptor type = pool.FindEnum("p.E")!;
        Assert.Equal(ByteString.CopyFrom(1, 2), type.GetOption(Option("on_enum")));
        Assert.Equal(-0.5, type.Values[0].GetOption(Option("on_value")));
        ServiceDescriptor service = pool.FindService("p.S")!;
        Assert.Equal(2, service.GetOption(Option("on_service")));
        Assert.Equal(true, service.Methods[0].GetOption(Option("on_method")));

        Assert.Null(pool.FindMessage("p.Detail")!.GetOption(Option("on_message")));
        Assert.Empty(Assert.IsType<IEnumerable>(message.Fields["bare"].GetOption(Option("on_field")), exactMatch: false));
        Assert.Throws<ArgumentException>(() => message.GetOption(Option("on_field")));
        Assert.Throws<ArgumentException>(() => message.GetOption(field));
        Assert.Throws<ArgumentException>(() => file.GetOption(Option("on_message")));

        // Extensions of generated code read the options of a pool, too.
        Extension<Reflection.FileOptions, string> onFile = new(50000, FieldCodec.ForString(400002));
        Assert.Equal("file", file.GetOption(onFile));
        Assert.Equal(["n"], type.GetOption(new RepeatedExtension<EnumOptions, string>(50001, FieldCodec.ForString(400010))));
        Assert.Equal("", pool.FindFile("google/protobuf/descriptor.proto")!.GetOption(onFile));

        FieldDescriptor Option(string name) => pool.FindExtension("p." + name)!;
    }
}
