// SPDX-License-Identifier: Apache-2.0

using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf.Compiler.CSharp.Model;

/// <summary>Reads the option <c>(google.api.field_behavior)</c>, which the compiler keeps as bytes: its file need not be known here.</summary>
internal static class FieldBehavior
{
    // google/api/field_behavior.proto: repeated google.api.FieldBehavior field_behavior = 1052, unpacked; REQUIRED = 2.
    private const int Number = 1052;
    private const int Required = 2;

    private static readonly RepeatedExtension<FieldOptions, int> Extension = new(Number, FieldCodec.ForInt32(Number << 3));
    private static readonly ExtensionRegistry Registry = [Extension];

    /// <summary>Whether the options say that the field is required.</summary>
    public static bool IsRequired(FieldOptions? options) =>
        options is IMessage { UnknownFields: not null }
        && FieldOptions.Parser.WithExtensionRegistry(Registry).ParseFrom(options.ToByteString())
            .GetExtension(Extension)?.Contains(Required) == true;
}
