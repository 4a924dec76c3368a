// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.Text;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf.Text;

/// <summary>The names of fields, extensions and types in text format.</summary>
internal static class TextNames
{
    /// <summary>The characters that may stand in brackets: those of URLs.</summary>
    public const string UrlCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.~!$&()*+,;=%/";

    private static readonly SearchValues<char> UrlCharacterSet = SearchValues.Create(UrlCharacters);

    /// <summary>The name under which a field is written, extensions in brackets.</summary>
    public static string Of(FieldDescriptor field) =>
        field.IsExtension ? $"[{(IsMessageSetItem(field) ? field.MessageType.FullName : field.FullName)}]"
        : IsGroupLike(field) ? field.MessageType.Name
        : field.Name;

    /// <summary>Finds a field by its name; a group also by the name of its message.</summary>
    public static FieldDescriptor? FindField(MessageDescriptor type, string name)
    {
        if (type.FindFieldByName(name) is { } field)
        {
            return field;
        }

        field = type.FindFieldByName(name.ToLowerInvariant());
        return field is not null && IsGroupLike(field) && field.MessageType.Name == name ? field : null;
    }

    /// <summary>Finds an extension of a message type by its full name, or in a message set by that of its message type.</summary>
    public static FieldDescriptor? FindExtension(TypeRegistry registry, MessageDescriptor extendee, string name)
    {
        if (registry.FindExtension(extendee, name) is { } found)
        {
            return found;
        }

        if (extendee.Proto.Options is { MessageSetWireFormat: true } && registry.Find(name) is { } item)
        {
            foreach (FieldDescriptor extension in item.Extensions.UnorderedExtensions)
            {
                if (IsMessageSetItem(extension) && ReferenceEquals(extension.ExtendeeType, extendee))
                {
                    return extension;
                }
            }
        }

        return null;
    }

    /// <summary>Whether this is a prefix, a slash and a full name; in the prefix two hexadecimal digits follow a percent sign.</summary>
    public static bool IsTypeUrl(ReadOnlySpan<char> url)
    {
        int slash = url.LastIndexOf('/');
        if (slash < 0 || url[0] == '/' || url.ContainsAnyExcept(UrlCharacterSet) || !DescriptorNames.IsFullIdentifier(url[(slash + 1)..]))
        {
            return false;
        }

        ReadOnlySpan<char> prefix = url[..slash];
        for (int at = prefix.IndexOf('%'); at >= 0; at = prefix.IndexOf('%'))
        {
            if (at + 2 >= prefix.Length || !char.IsAsciiHexDigit(prefix[at + 1]) || !char.IsAsciiHexDigit(prefix[at + 2]))
            {
                return false;
            }

            prefix = prefix[(at + 3)..];
        }

        return true;
    }

    /// <summary>An extension of a message set that is declared in the message that is its type goes by the name of that.</summary>
    private static bool IsMessageSetItem(FieldDescriptor extension) =>
        extension.FieldType == FieldType.Message
        && !extension.IsRepeated
        && extension.ExtendeeType.Proto.Options is { MessageSetWireFormat: true }
        && ReferenceEquals(extension.ContainingType, extension.MessageType);

    /// <summary>
    /// Whether a delimited field looks as a proto2 group does: it has the name of its message in lower case, and both are declared
    /// in one scope.
    /// </summary>
    private static bool IsGroupLike(FieldDescriptor field) =>
        field.FieldType == FieldType.Group
        && ReferenceEquals(field.MessageType.File, field.File)
        && ReferenceEquals(field.MessageType.ContainingType, field.ContainingType)
        && Ascii.EqualsIgnoreCase(field.Name, field.MessageType.Name)
        && !field.Name.AsSpan().ContainsAnyInRange('A', 'Z');
}
