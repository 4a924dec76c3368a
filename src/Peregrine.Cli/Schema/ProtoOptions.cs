// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Peregrine.Protobuf;
using Peregrine.Protobuf.Literals;
using Peregrine.Protobuf.Reflection;
using Peregrine.Protobuf.Text;

namespace Peregrine.Cli.Schema;

/// <summary>Prints options as statements have them: <c>deprecated = true</c>, <c>(my.option) = { a: 1 }</c>.</summary>
internal sealed class ProtoOptions
{
    private readonly DescriptorPool _pool;
    private readonly ExtensionRegistry _registry;
    private readonly ILookup<string, FieldDescriptor> _extensions;
    private readonly TextFormatter _text;
    private readonly HashSet<string> _innerNames;

    /// <summary>Makes one that knows the custom options of a pool.</summary>
    public ProtoOptions(DescriptorPool pool)
    {
        _pool = pool;
        _registry = pool.ToExtensionRegistry();
        _extensions = pool.Files.SelectMany(ExtensionsOf).ToLookup(extension => extension.ExtendeeType.FullName);
        _innerNames = [.. SymbolNames.Of(pool.Files).Concat(pool.Files.Select(file => file.Package)).Where(name => name.Contains('.', StringComparison.Ordinal)).Select(name => name[(name.LastIndexOf('.') + 1)..])];
        _text = new TextFormatter(TextFormatter.Settings.Default.WithSingleLine(true).WithTypeRegistry(pool.ToTypeRegistry()));
    }

    /// <summary>The options that are set, each as <c>name = value</c>.</summary>
    /// <param name="options">The options, or null for none.</param>
    /// <param name="type">Their type in the generated code.</param>
    public List<string> Of(IMessage? options, MessageDescriptor type)
    {
        List<string> written = [];
        if (options is null)
        {
            return written;
        }

        // The descriptors were read without knowledge of custom options.
        var known = new DynamicMessage(_pool.FindMessage(type.FullName) ?? type);
        known.MergePartialFrom(options.ToByteArray(), _registry);
        foreach (var field in known.Descriptor.Fields.InFieldNumberOrder().Where(field => field.Name != "uninterpreted_option"))
        {
            Add(written, field.Name, field, known);
        }

        foreach (var extension in _extensions[type.FullName])
        {
            if (ReferenceEquals(extension.ExtendeeType, known.Descriptor))
            {
                Add(written, $"({Rooted(extension.FullName)})", extension, known);
            }
        }

        return written;
    }

    /// <summary>Text as a string literal.</summary>
    public static string Quote(string text) => $"\"{TextLiterals.Escape(Encoding.UTF8.GetBytes(text))}\"";

    // A name is looked up by its first part from the inside out: the dot says that it starts at the root, where it might be taken for another.
    private string Rooted(string fullName) => _innerNames.Contains(fullName.Split('.')[0]) ? "." + fullName : fullName;

    private void Add(List<string> written, string name, FieldDescriptor field, DynamicMessage options)
    {
        if (!field.IsRepeated)
        {
            if (options.HasField(field))
            {
                written.Add($"{name} = {Value(field, options.GetField(field)!)}");
            }

            return;
        }

        // A statement for each element.
        if (options.GetField(field) is IList list)
        {
            written.AddRange(list.Cast<object>().Select(element => $"{name} = {Value(field, element)}"));
        }
    }

    private string Value(FieldDescriptor field, object value) => value switch
    {
        string text => Quote(text),
        ByteString bytes => $"\"{TextLiterals.Escape(bytes.Span)}\"",
        bool truth => truth ? "true" : "false",
        double number => TextLiterals.FormatDouble(number),
        float number => TextLiterals.FormatFloat(number),
        int number when field.FieldType == FieldType.Enum =>
            field.EnumType.FindValueByNumber(number)?.Name ?? number.ToString(CultureInfo.InvariantCulture),
        IMessage message => $"{{ {_text.Format(message).TrimEnd()} }}",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static IEnumerable<FieldDescriptor> ExtensionsOf(FileDescriptor file) =>
        file.Extensions.UnorderedExtensions.Concat(file.MessageTypes.SelectMany(ExtensionsOf));

    private static IEnumerable<FieldDescriptor> ExtensionsOf(MessageDescriptor message) =>
        message.Extensions.UnorderedExtensions.Concat(message.NestedTypes.SelectMany(ExtensionsOf));
}
