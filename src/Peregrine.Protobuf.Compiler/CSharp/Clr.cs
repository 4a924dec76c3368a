// SPDX-License-Identifier: Apache-2.0

namespace Peregrine.Protobuf.Compiler.CSharp;

/// <summary>The namespaces that generated code refers to, from the global namespace on: no user type can shadow them.</summary>
internal static class Clr
{
    public const string System = "global::System";
    public const string Grpc = "global::Peregrine";
    public const string Protobuf = "global::Peregrine.Protobuf";
    public const string Wire = "global::Peregrine.Protobuf.Wire";
    public const string Collections = "global::Peregrine.Protobuf.Collections";
    public const string Reflection = "global::Peregrine.Protobuf.Reflection";
    public const string ByteString = Protobuf + ".ByteString";
    public const string SetsRequiredMembers = "[global::System.Diagnostics.CodeAnalysis.SetsRequiredMembers]";
    public const string Obsolete = "[global::System.Obsolete(\"Deprecated in the .proto file.\")]";
    public const string ThrowIfNull = "global::System.ArgumentNullException.ThrowIfNull";
}
