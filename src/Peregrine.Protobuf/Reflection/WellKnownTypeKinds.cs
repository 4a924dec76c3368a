// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine.Protobuf.Reflection;

/// <summary>Recognizes well-known types by full name, so that dynamic messages of them are formatted alike.</summary>
internal static class WellKnownTypeKinds
{
    public const string NullValueFullName = "google.protobuf.NullValue";

    private const string Package = "google.protobuf.";

    public static WellKnownTypeKind Of(string fullName)
    {
        if (!fullName.StartsWith(Package, StringComparison.Ordinal))
        {
            return WellKnownTypeKind.None;
        }

        return fullName[Package.Length..] switch
        {
            "Any" => WellKnownTypeKind.Any,
            "Timestamp" => WellKnownTypeKind.Timestamp,
            "Duration" => WellKnownTypeKind.Duration,
            "FieldMask" => WellKnownTypeKind.FieldMask,
            "Struct" => WellKnownTypeKind.Struct,
            "Value" => WellKnownTypeKind.Value,
            "ListValue" => WellKnownTypeKind.ListValue,
            "DoubleValue" or "FloatValue" or "Int64Value" or "UInt64Value" or "Int32Value" or "UInt32Value" or "BoolValue"
                or "StringValue" or "BytesValue" => WellKnownTypeKind.Wrapper,
            _ => WellKnownTypeKind.None,
        };
    }
}
