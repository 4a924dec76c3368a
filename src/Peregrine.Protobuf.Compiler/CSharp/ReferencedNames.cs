// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Frozen;

namespace Peregrine.Protobuf.Compiler.CSharp;

/// <summary>
/// The namespaces and types of the platform and of the runtime that generated code refers to. A type of a .proto with such a full
/// name would take their place, in its own file and in every other one of the assembly.
/// </summary>
internal static class ReferencedNames
{
    private static readonly FrozenSet<string> Names = FrozenSet.ToFrozenSet(
    [
        "Google", "Google.Rpc", // of the runtime, which every project refers to
        "System", "System.ArgumentNullException", "System.BitConverter", "System.CodeDom", "System.CodeDom.Compiler",
        "System.CodeDom.Compiler.GeneratedCode", "System.DateTime", "System.Diagnostics", "System.Diagnostics.CodeAnalysis",
        "System.Diagnostics.CodeAnalysis.SetsRequiredMembers", "System.Diagnostics.DebuggerDisplay", "System.HashCode",
        "System.Obsolete", "System.ReadOnlySpan", "System.Serializable", "System.Threading", "System.Threading.CancellationToken",
        "System.Threading.Tasks", "System.Threading.Tasks.Task",
        "Peregrine", "Peregrine.AsyncClientStreamingCall", "Peregrine.AsyncDuplexStreamingCall", "Peregrine.AsyncServerStreamingCall",
        "Peregrine.AsyncUnaryCall", "Peregrine.BindServiceMethod", "Peregrine.CallInvoker", "Peregrine.CallOptions",
        "Peregrine.ChannelBase", "Peregrine.ClientBase", "Peregrine.ClientStreamingServerMethod",
        "Peregrine.DuplexStreamingServerMethod", "Peregrine.IAsyncStreamReader", "Peregrine.IServerStreamWriter",
        "Peregrine.Marshaller", "Peregrine.Marshallers", "Peregrine.Metadata", "Peregrine.Method", "Peregrine.MethodType",
        "Peregrine.RpcException", "Peregrine.SerializationContext", "Peregrine.ServerCallContext",
        "Peregrine.ServerServiceDefinition", "Peregrine.ServerStreamingServerMethod", "Peregrine.ServiceBinderBase",
        "Peregrine.Status", "Peregrine.StatusCode", "Peregrine.UnaryServerMethod",
        "Peregrine.Protobuf", "Peregrine.Protobuf.ByteString", "Peregrine.Protobuf.Collections",
        "Peregrine.Protobuf.Collections.MapField", "Peregrine.Protobuf.Collections.RepeatedField", "Peregrine.Protobuf.Extension",
        "Peregrine.Protobuf.ExtensionSet", "Peregrine.Protobuf.FieldAccess", "Peregrine.Protobuf.FieldCodec",
        "Peregrine.Protobuf.IExtendable", "Peregrine.Protobuf.IExtendableMessage", "Peregrine.Protobuf.IExtensionSet",
        "Peregrine.Protobuf.IFieldAccess", "Peregrine.Protobuf.IGeneratedMessage", "Peregrine.Protobuf.IMessage",
        "Peregrine.Protobuf.JsonFormatter", "Peregrine.Protobuf.MessageExtensions", "Peregrine.Protobuf.MessageParser",
        "Peregrine.Protobuf.Reflection", "Peregrine.Protobuf.Reflection.FileDescriptor",
        "Peregrine.Protobuf.Reflection.GeneratedMessageInfo", "Peregrine.Protobuf.Reflection.MessageDescriptor",
        "Peregrine.Protobuf.Reflection.OriginalName", "Peregrine.Protobuf.Reflection.ServiceDescriptor",
        "Peregrine.Protobuf.RepeatedExtension", "Peregrine.Protobuf.UnknownFieldSet", "Peregrine.Protobuf.Wire",
    ], StringComparer.Ordinal);

    /// <summary>Whether generated code refers to the name.</summary>
    /// <param name="space">The namespace; empty is the global one.</param>
    /// <param name="name">The name in it.</param>
    public static bool Contains(string space, string name) => Names.Contains(space.Length == 0 ? name : space + "." + name);
}
