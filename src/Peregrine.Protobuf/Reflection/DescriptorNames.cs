// SPDX-License-Identifier: Apache-2.0
using System;
using System.Text;

namespace Peregrine.Protobuf.Reflection;

/// <summary>The naming rules of the language, and the map from descriptor.proto's types to ours.</summary>
internal static class DescriptorNames
{
    /// <summary>The lower-camel-case JSON name that protoc gives a field: underscores go, the next letter is raised.</summary>
    public static string ToJsonName(string name)
    {
        StringBuilder result = new(name.Length);
        bool raise = false;
        foreach (char c in name)
        {
            if (c == '_')
            {
                raise = true;
                continue;
            }

            result.Append(raise && char.IsAsciiLetterLower(c) ? (char)(c - 'a' + 'A') : c);
            raise = false;
        }

        return result.ToString();
    }

    /// <summary>The C# property name that generators give a field: as the JSON name, with a capital first and after digits.</summary>
    public static string ToPascalCase(string name)
    {
        StringBuilder result = new(name.Length);
        bool raise = true;
        foreach (char c in name)
        {
            if (char.IsAsciiLetter(c))
            {
                result.Append(raise ? char.ToUpperInvariant(c) : c);
                raise = false;
            }
            else if (char.IsAsciiDigit(c))
            {
                result.Append(c);
                raise = true;
            }
            else
            {
                raise = true;
            }
        }

        // A C# identifier cannot start with a digit.
        if (result.Length > 0 && char.IsAsciiDigit(result[0]))
        {
            result.Insert(0, '_');
        }

        return result.ToString();
    }

    /// <summary>An identifier of the language: a letter or underscore, then letters, digits and underscores.</summary>
    public static bool IsIdentifier(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty || char.IsAsciiDigit(name[0]))
        {
            return false;
        }

        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_')
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Identifiers joined by dots.</summary>
    public static bool IsFullIdentifier(ReadOnlySpan<char> name)
    {
        foreach (Range part in name.Split('.'))
        {
            if (!IsIdentifier(name[part]))
            {
                return false;
            }
        }

        return true;
    }

    public static FieldType ToFieldType(FieldDescriptorProto.Types.Type type) => type switch
    {
        FieldDescriptorProto.Types.Type.Double => FieldType.Double,
        FieldDescriptorProto.Types.Type.Float => FieldType.Float,
        FieldDescriptorProto.Types.Type.Int64 => FieldType.Int64,
        FieldDescriptorProto.Types.Type.Uint64 => FieldType.UInt64,
        FieldDescriptorProto.Types.Type.Int32 => FieldType.Int32,
        FieldDescriptorProto.Types.Type.Fixed64 => FieldType.Fixed64,
        FieldDescriptorProto.Types.Type.Fixed32 => FieldType.Fixed32,
        FieldDescriptorProto.Types.Type.Bool => FieldType.Bool,
        FieldDescriptorProto.Types.Type.String => FieldType.String,
        FieldDescriptorProto.Types.Type.Group => FieldType.Group,
        FieldDescriptorProto.Types.Type.Message => FieldType.Message,
        FieldDescriptorProto.Types.Type.Bytes => FieldType.Bytes,
        FieldDescriptorProto.Types.Type.Uint32 => FieldType.UInt32,
        FieldDescriptorProto.Types.Type.Sfixed32 => FieldType.SFixed32,
        FieldDescriptorProto.Types.Type.Sfixed64 => FieldType.SFixed64,
        FieldDescriptorProto.Types.Type.Sint32 => FieldType.SInt32,
        FieldDescriptorProto.Types.Type.Sint64 => FieldType.SInt64,
        FieldDescriptorProto.Types.Type.Enum => FieldType.Enum,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not a field type."),
    };
}
