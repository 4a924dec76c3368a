// SPDX-License-Identifier: Apache-2.0

using Peregrine.Protobuf;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Calls;

/// <summary>Makes a method that can be called of its descriptor.</summary>
internal static class DynamicMethod
{
    /// <summary>
    /// Every method is called as if both sides were streams: on the wire a unary call is one with a message each way, so that one way
    /// of calling is enough.
    /// </summary>
    /// <param name="method">The method.</param>
    /// <param name="extensions">Those that responses may hold.</param>
    public static Method<DynamicMessage, DynamicMessage> Of(MethodDescriptor method, ExtensionRegistry extensions) => new(
        MethodType.DuplexStreaming, method.Service.FullName, method.Name, MarshallerOf(method.InputType, extensions), MarshallerOf(method.OutputType, extensions));

    private static Marshaller<DynamicMessage> MarshallerOf(MessageDescriptor type, ExtensionRegistry extensions) => Marshallers.Create<DynamicMessage>(
        static (message, context) =>
        {
            context.SetPayloadLength(message.CalculateSize());
            message.WriteTo(context.GetBufferWriter());
            context.Complete();
        },
        context =>
        {
            // What a server leaves away is shown as it is, required fields, too.
            var message = new DynamicMessage(type);
            message.MergePartialFrom(context.PayloadAsNewBuffer(), extensions);
            return message;
        });
}
