// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Reflection;
using Xunit;

namespace Peregrine.Protobuf.Compiler.Tests.Descriptors;

/// <summary>Text that is still being written: descriptors of what can be understood, for tools.</summary>
public sealed class IncompleteFileTests
{
    private const string Text = """
        // The head.
        edition = "2024";
        package p.q;
        import public "google/protobuf/timestamp.proto";
        import option "google/protobuf/descriptor.proto";
        option java_package = "com.example";
        // A message.
        message Person {
          option deprecated = true;
          reserved 9, 20 to 30, 100 to max;
          reserved nick;
          extensions 40 to 50 [verification = UNVERIFIED];
          string name = 1 [json_name = "full", features.field_presence = IMPLICIT]; // its name
          map<string, google.protobuf.Timestamp> times = 2;
          oneof kind { int32 a = 3; Person b = 4 [deprecated = true]; }
          local enum Mood { UNKNOWN = 0; GLAD = 1 [deprecated = true]; reserved 7; }
          repeated Mood moods = 5 [default = GLAD];
          message Inner { bytes raw = 1 [default = "\x00\u00e9"]; }
        }
        extend Person { repeated Person friends = 41; }
        /* A service. */
        service Finder {
          rpc Find(Person) returns (stream Person) { option idempotency_level = NO_SIDE_EFFECTS; }
          rpc Watch(stream .p.q.Person) returns (Nothing);
        }
        """;

    private static readonly CompilationOptions Tolerant = new() { IncludeIncomplete = true };

    [Fact]
    public void Wherever_the_text_breaks_off_there_is_a_descriptor_that_can_be_read()
    {
        for (int length = 0; length <= Text.Length; length++)
        {
            AssertHasDescriptor(Text[..length]);
        }
    }

    [Fact]
    public void Whichever_word_is_missing_there_is_a_descriptor_that_can_be_read()
    {
        string[] words = Text.Split(' ');
        for (int i = 0; i < words.Length; i++)
        {
            AssertHasDescriptor(string.Join(' ', words.Where((_, index) => index != i)));
        }
    }

    [Theory]
    [InlineData("edition = \"UNSTABLE\"; message M { map<")]
    [InlineData("edition = \"UNSTABLE\"; message M { map<int32,")]
    [InlineData("syntax = \"proto3\"; message M { map<")]
    public void Maps_that_break_off_before_their_types_have_a_descriptor(string text) => AssertHasDescriptor(text);

    [Fact]
    public void Names_that_were_not_found_are_as_they_are_written()
    {
        FileDescriptorProto file = Assert.Single(Compilation.CompileText(Text, options: Tolerant).Incomplete).Descriptor;

        Assert.Equal("Nothing", file.Service[0].Method[1].OutputType);
        Assert.Equal(".p.q.Person", file.Service[0].Method[1].InputType);
    }

    [Fact]
    public void Positions_and_comments_are_there_behind_an_error()
    {
        CompilationResult result = Compilation.CompileText("syntax = \"proto3\";\nmessage A { strin x = 1; }\n// About B.\nmessage B { int32 y = 1; }\n", options: Tolerant);

        FileDescriptorProto file = Assert.Single(result.Incomplete).Descriptor;
        SourceCodeInfo.Types.Location location = Assert.Single(file.SourceCodeInfo!.Location, location => location.LeadingComments == " About B.\n");
        Assert.Equal([4, 1], location.Path);
        Assert.Equal([3, 0, 26], location.Span);
        Assert.Equal("strin", file.MessageType[0].Field[0].TypeName);
    }

    [Fact]
    public void Files_with_errors_have_no_descriptors_unless_asked_for()
    {
        CompilationResult result = Compilation.CompileText("message {");

        Assert.False(result.Success);
        Assert.Empty(result.Incomplete);
        Assert.Empty(result.Files);
    }

    [Fact]
    public void Descriptors_for_use_at_run_time_are_linked_in_the_order_of_the_files()
    {
        CompilationResult result = Compilation.CompileText("""
            syntax = "proto3";
            package shop;
            import "google/protobuf/timestamp.proto";
            message Order { google.protobuf.Timestamp at = 1; }
            """);

        IReadOnlyList<FileDescriptor> files = result.CreateFileDescriptors();

        Assert.Equal(["google/protobuf/timestamp.proto", "input.proto"], files.Select(file => file.Name));
        Assert.Equal("google.protobuf.Timestamp", files[1].MessageTypes[0].FindFieldByName("at")!.MessageType.FullName);
    }

    private static void AssertHasDescriptor(string text)
    {
        CompilationResult result = Compilation.CompileText(text, options: Tolerant);
        CompiledFile file = result.Success ? result.Roots[0] : result.Incomplete[^1];
        Assert.Equal("input.proto", file.Descriptor.Name);
        Assert.Equal(result.Success, file.IsComplete);
        Assert.False(file.Retained.IsEmpty);
    }
}
