// SPDX-License-Identifier: Apache-2.0

using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Mock;

/// <summary>Which messages have a form of their own in JSON, instead of an object of their fields.</summary>
internal static class JsonForms
{
    /// <summary>Whether it is a text, a number or a boolean: times, masks and wrappers.</summary>
    public static bool IsScalar(MessageDescriptor type) => type.FullName is
        "google.protobuf.Timestamp" or "google.protobuf.Duration" or "google.protobuf.FieldMask"
        or "google.protobuf.DoubleValue" or "google.protobuf.FloatValue" or "google.protobuf.Int64Value" or "google.protobuf.UInt64Value"
        or "google.protobuf.Int32Value" or "google.protobuf.UInt32Value" or "google.protobuf.BoolValue" or "google.protobuf.StringValue"
        or "google.protobuf.BytesValue";

    /// <summary>Whether it is any JSON, so that nothing is known of its parts.</summary>
    public static bool IsFree(MessageDescriptor type) => type.FullName is "google.protobuf.Struct" or "google.protobuf.Value" or "google.protobuf.ListValue";

    /// <summary>Whether it holds a message of another type, which <c>@type</c> names.</summary>
    public static bool IsAny(MessageDescriptor type) => type.FullName == "google.protobuf.Any";

    /// <summary>Finds a field by either of its names; null when there is none.</summary>
    public static FieldDescriptor? FindField(MessageDescriptor type, string name)
    {
        foreach (var field in type.Fields.InDeclarationOrder())
        {
            if (field.JsonName == name)
            {
                return field;
            }
        }

        return type.FindFieldByName(name);
    }
}
