// SPDX-License-Identifier: Apache-2.0

using Peregrine.Protobuf.Compiler.CSharp;
using Xunit;

namespace Peregrine.Protobuf.Compiler.Tests.CSharp;

public class CSharpGeneratorOptionsTests
{
    private static readonly CSharpGeneratorOptions Default = new();

    public static TheoryData<string, CSharpGeneratorOptions> Texts => new()
    {
        { "", Default },
        { " , internal_access ,", Default with { InternalAccess = true } },
        { "internal_access=true", Default with { InternalAccess = true } },
        { "nullable=false", Default with { Nullable = false } },
        { "nullable_optional,required_members", Default with { NullableOptional = true, RequiredMembers = true } },
        { "client_interfaces=False", Default with { ClientInterfaces = false } },
        { "services=Client", Default with { Services = GrpcServices.Client } },
        { "no_client", Default with { Services = GrpcServices.Server } },
        { "no_server=true,no_client=true", Default with { Services = GrpcServices.None } },
        { "no_server=false", Default },
        { "file_extension=.g.cs,file_suffix=Rpc.g.cs", Default with { FileExtension = ".g.cs", ServiceFileSuffix = "Rpc.g.cs" } },
        { "base_namespace=", Default with { BaseNamespace = "" } },
        { "base_namespace=A.B", Default with { BaseNamespace = "A.B" } },
        { "append_async_suffix=true", Default with { AppendAsyncSuffix = true } },
        { "serializable", Default with { Serializable = true } },
        { "strip_nonfunctional_codegen", Default with { StripNonfunctionalCode = true } },
        { "experimental_strip_nonfunctional_codegen", Default with { StripNonfunctionalCode = true } },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void Text_sets_options(string text, CSharpGeneratorOptions expected)
    {
        Assert.True(Default.TryParse(text, out var options, out var error), error);
        Assert.Equal(expected, options);
    }

    [Fact]
    public void Text_is_read_over_the_options_that_are_there()
    {
        var options = Default with { InternalAccess = true, NullableOptional = true };
        Assert.True(options.TryParse("nullable_optional=false,serializable", out options, out _));
        Assert.Equal(Default with { InternalAccess = true, Serializable = true }, options);
    }

    [Theory]
    [InlineData("services", "services=both, client, server or none")]
    [InlineData("services=some", "services=both, client, server or none")]
    [InlineData("nullable=yes", "nullable=true, or nullable=false")]
    [InlineData("Nullable", "Known are services, ")]
    [InlineData("internal_access,emit_everything", "\"emit_everything\" is not known")]
    public void Errors_say_what_is_possible_and_change_nothing(string text, string expected)
    {
        Assert.False(Default.TryParse(text, out var options, out var error));
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Same(Default, options);
    }
}
