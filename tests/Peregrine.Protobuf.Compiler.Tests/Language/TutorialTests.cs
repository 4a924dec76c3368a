// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Reflection;
using Xunit;

namespace Peregrine.Protobuf.Compiler.Tests.Language;

public class TutorialTests
{
    [Fact]
    public void Nested_messages_with_lower_case_names_can_be_used_from_other_messages()
    {
        CompilationResult result = AnnotatedText.Compile("""
            syntax = "proto3";
            package grpc.study;
            message PersonInfo {
              message Person { string name = 1; int32 height = 2; repeated int32 weight = 3; }
              repeated Person info = 1;
            }
            message PersonMessage { PersonInfo.Person info = 1; Grandpa.Father.son youngest = 2; }
            message Grandpa { message Father { message son { string name = 1; } } }
            """);
        Assert.Empty(result.Diagnostics);
        FileDescriptorProto file = Assert.Single(result.Roots).Descriptor;
        Assert.Equal(".grpc.study.PersonInfo.Person", file.MessageType[1].Field[0].TypeName);
        Assert.Equal(".grpc.study.Grandpa.Father.son", file.MessageType[1].Field[1].TypeName);
    }

    [Fact]
    public void Services_keep_their_methods_streams_and_comments()
    {
        CompilationResult result = AnnotatedText.Compile("""
            syntax = "proto3";
            option go_package = ".;service";
            // Says hello.
            service SayHello {
              rpc SayHello(HelloReq) returns (HelloReq) {}
              rpc Both(stream HelloReq) returns (stream HelloReq); // both ways
            }
            message HelloReq { string messageName = 1; int32 messageLen = 2; }
            """);
        Assert.Empty(result.Diagnostics);
        FileDescriptorProto file = Assert.Single(result.Roots).Descriptor;
        MethodDescriptorProto both = file.Service[0].Method[1];
        Assert.True(both.ClientStreaming && both.ServerStreaming);
        Assert.Equal("messageName", file.MessageType[0].Field[0].JsonName);
        Assert.Contains(file.SourceCodeInfo!.Location, l => l.LeadingComments == " Says hello.\n" && l.Path.SequenceEqual([6, 0]));
        Assert.Contains(file.SourceCodeInfo!.Location, l => l.TrailingComments == " both ways\n" && l.Path.SequenceEqual([6, 0, 2, 1]));
    }

    [Fact]
    public void The_well_known_types_compile_without_search_paths()
    {
        string[] names = ["any", "api", "descriptor", "duration", "empty", "field_mask", "source_context", "struct", "timestamp", "type", "wrappers"];
        CompilationResult result = new Compilation(new Sources.ImportResolver()).Compile(names.Select(name => $"google/protobuf/{name}.proto"));
        Assert.Empty(result.Diagnostics);
        Assert.Equal(names.Length, result.Roots.Count);
    }

    [Fact]
    public void Of_a_oneof_in_an_option_the_field_set_last_stays()
    {
        CompilationResult result = AnnotatedText.Compile("""
            syntax = "proto3";
            import "google/protobuf/descriptor.proto";
            message Inner { string name = 1; int32 n = 2; }
            message Rule { oneof kind { Inner a = 1; Inner b = 2; } }
            extend google.protobuf.MessageOptions { Rule rule = 50000; }
            message M { option (rule).b.name = "first"; option (rule).a.name = "second"; option (rule).b.n = 3; }
            """);
        Assert.Empty(result.Diagnostics);
        ReadOnlySpan<byte> file = result.Roots[0].SerializedWithoutSourceInfo.Span;
        Assert.Equal(-1, file.IndexOf("first"u8));
        Assert.Equal(-1, file.IndexOf("second"u8));
        Assert.True(file.IndexOf((ReadOnlySpan<byte>)[0x12, 0x02, 0x10, 0x03]) > 0, "{ b { n: 3 } } is missing.");
    }
}
