// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text;

namespace Peregrine.Tests.Vocabulary;

public class MarshallerTests
{
    [Fact]
    public void Array_functions_and_contexts_convert_into_each_other()
    {
        var fromArrays = Marshallers.StringMarshaller;
        var fromContexts = Marshallers.Create<string>(
            (text, context) =>
            {
                context.SetPayloadLength(text.Length);
                context.GetBufferWriter().Write(Encoding.ASCII.GetBytes(text));
                context.Complete();
            },
            context => Encoding.ASCII.GetString(context.PayloadAsReadOnlySequence()));
        Assert.Equal("abc", fromContexts.Deserializer(fromArrays.Serializer("abc")));
        Assert.Equal("abc", fromArrays.Deserializer(fromContexts.Serializer("abc")));
        Assert.Empty(fromContexts.Serializer(""));
    }

    [Fact]
    public void A_serializer_that_does_not_complete_is_named() => Assert.Contains(
        "Complete",
        Assert.Throws<InvalidOperationException>(() => Marshallers.Create<string>((_, _) => { }, _ => "").Serializer("x")).Message,
        StringComparison.Ordinal);

    [Fact]
    public void A_method_knows_its_path()
    {
        var method = new Method<string, string>(
            MethodType.Unary, "pkg.Service", "Call", Marshallers.StringMarshaller, Marshallers.StringMarshaller);
        Assert.Equal("/pkg.Service/Call", method.FullName);
    }

    [Fact]
    public void A_service_refuses_one_method_twice()
    {
        var method = new Method<string, string>(
            MethodType.Unary, "pkg.Service", "Call", Marshallers.StringMarshaller, Marshallers.StringMarshaller);
        UnaryServerMethod<string, string> handler = (request, _) => Task.FromResult(request);
        ServerServiceDefinition.Builder builder = ServerServiceDefinition.CreateBuilder().AddMethod(method, handler);
        Assert.Contains(
            "/pkg.Service/Call", Assert.Throws<ArgumentException>(() => builder.AddMethod(method, handler)).Message, StringComparison.Ordinal);
    }
}
