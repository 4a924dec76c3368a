// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Reflection;
using Xunit;

namespace Peregrine.Protobuf.Compiler.Tests.Descriptors;

/// <summary>Where descriptors of compiled files say that they are declared, and the comments there.</summary>
public class DescriptorDeclarationTests
{
    private const string Text = """
        // Licence.

        // About the file.
        syntax = "proto2";

        // About the package.
        package shop;  // behind the package

        // Detached one.

        // Detached two.

        /* An order. */
        message Order {  // inside
          // The number.
          required int32 id = 1;  // behind id

          // One of these.
          oneof who {
            // A name.
            string name = 2;
          }

          // A part.
          message Part {
            // Its size.
            optional int32 size = 1;
          }

          // How far.
          enum State {
            // Not at all.
            NEW = 0;
          }

          extensions 100 to 200;
          extend Order {
            // Inner extension.
            optional int32 inner = 100;
          }
          map<string, int32> counts = 3;
        }

        // Top enum.
        enum Top { ZERO = 0; }

        extend Order {
          // Outer extension.
          optional int32 outer = 101;
        }

        // A shop.
        service Shop {
          // Buys.
          rpc Buy(Order)
              returns (Order);
        }

        message Bare {}
        """;

    private static FileDescriptor File { get; } = Compiled(Text);

    public static TheoryData<string, string> LeadingComments => new()
    {
        { "shop.Order", " An order. " },
        { "shop.Order.id", " The number.\n" },
        { "shop.Order.who", " One of these.\n" },
        { "shop.Order.name", " A name.\n" },
        { "shop.Order.Part", " A part.\n" },
        { "shop.Order.Part.size", " Its size.\n" },
        { "shop.Order.State", " How far.\n" },
        { "shop.Order.NEW", " Not at all.\n" },
        { "shop.Order.inner", " Inner extension.\n" },
        { "shop.Top", " Top enum.\n" },
        { "shop.ZERO", "" },
        { "shop.outer", " Outer extension.\n" },
        { "shop.Shop", " A shop.\n" },
        { "shop.Shop.Buy", " Buys.\n" },
        { "shop.Bare", "" },
    };

    [Theory]
    [MemberData(nameof(LeadingComments))]
    public void Every_kind_of_descriptor_has_its_comment(string fullName, string comment)
    {
        DescriptorPool pool = new();
        pool.Add(File);
        DescriptorDeclaration declaration = Assert.IsType<DescriptorBase>(pool.FindSymbol(fullName), exactMatch: false).Declaration!;
        Assert.Same(pool.FindSymbol(fullName), declaration.Descriptor);
        Assert.Equal(comment, declaration.LeadingComments);
    }

    [Fact]
    public void Detached_and_trailing_comments_are_told_apart()
    {
        DescriptorDeclaration order = File.FindTypeByName<MessageDescriptor>("Order")!.Declaration!;
        Assert.Equal([" Detached one.\n", " Detached two.\n"], order.LeadingDetachedComments);
        Assert.Equal(" inside\n", order.TrailingComments);
        Assert.Equal(" behind id\n", File.MessageTypes[0].FindFieldByName("id")!.Declaration!.TrailingComments);
        Assert.Empty(File.FindTypeByName<MessageDescriptor>("Bare")!.Declaration!.LeadingDetachedComments);
    }

    [Fact]
    public void Lines_and_columns_count_from_zero_and_the_end_is_behind_the_last_character()
    {
        Assert.Equal((15, 2, 15, 24), Span(File.MessageTypes[0].FindFieldByName("id")!.Declaration));
        Assert.Equal((54, 2, 55, 22), Span(File.Services[0].Methods[0].Declaration));
        Assert.Equal((58, 0, 58, 15), Span(File.FindTypeByName<MessageDescriptor>("Bare")!.Declaration));
    }

    [Fact]
    public void A_file_has_its_own_place_and_those_of_its_first_statements()
    {
        Assert.Equal((3, 0, 58, 15), Span(File.Declaration));
        Assert.Same(File, File.Declaration!.Descriptor);
        Assert.Equal([" Licence.\n"], File.SyntaxDeclaration!.LeadingDetachedComments);
        Assert.Equal(" About the file.\n", File.SyntaxDeclaration.LeadingComments);
        Assert.Equal(" About the package.\n", File.PackageDeclaration!.LeadingComments);
        Assert.Equal(" behind the package\n", File.PackageDeclaration.TrailingComments);
        FileDescriptor edition = Compiled("// About the file.\nedition = \"2023\";\nmessage M {}");
        Assert.Equal(" About the file.\n", edition.SyntaxDeclaration!.LeadingComments);
        Assert.Null(edition.PackageDeclaration);
    }

    [Fact]
    public void What_is_not_written_and_files_without_positions_have_no_declaration()
    {
        MessageDescriptor order = File.MessageTypes[0];
        Assert.Null(order.FindFieldByName("counts")!.MessageType.Declaration);
        FileDescriptorProto bare = File.ToProto();
        bare.SourceCodeInfo = null;
        FileDescriptor without = FileDescriptor.BuildFromByteStrings([bare.ToByteString()])[0];
        Assert.Null(without.Declaration);
        Assert.Null(without.SyntaxDeclaration);
        Assert.Null(without.MessageTypes[0].Declaration);
        Assert.Null(FileDescriptor.DescriptorProtoFileDescriptor.MessageTypes[0].Declaration);
    }

    private static (int, int, int, int) Span(DescriptorDeclaration? declaration) =>
        (declaration!.StartLine, declaration.StartColumn, declaration.EndLine, declaration.EndColumn);

    private static FileDescriptor Compiled(string text)
    {
        CompilationResult result = Compilation.CompileText(text);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        return result.CreateFileDescriptors()[^1];
    }
}
