// SPDX-License-Identifier: Apache-2.0

using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Peregrine.Protobuf;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli;

/// <summary>Names the required fields that a message lacks, by the paths that protoc gives them: <c>sub.r</c>, <c>list[0].r</c>, <c>(some.extension).r</c>.</summary>
internal static class MissingFields
{
    /// <summary>The paths: those of a message before those of the messages in it, which come in the order of their fields' numbers.</summary>
    public static List<string> Of(IMessage message, TypeRegistry types)
    {
        List<string> missing = [];
        Collect(message, "", types, missing);
        return missing;
    }

    private static void Collect(IMessage message, string prefix, TypeRegistry types, List<string> missing)
    {
        var descriptor = message.Descriptor;
        missing.AddRange(descriptor.Fields.InDeclarationOrder()
            .Where(field => field.IsRequired && !message.HasField(field.FieldNumber))
            .Select(field => prefix + field.Name));

        var set = descriptor.Fields.InFieldNumberOrder()
            .Where(field => message.HasField(field.FieldNumber))
            .Select(field => (field.FieldNumber, field.Name, Value: message.GetField(field.FieldNumber)));
        if (message is IExtendable { Extensions: { } extensions })
        {
            set = set.Concat(extensions.Values.Select(extension =>
                (extension.Extension.FieldNumber, Name: $"({types.FindExtension(descriptor, extension.Extension.FieldNumber)?.FullName})", Value: (object?)extension.Value)));
        }

        foreach (var (_, name, value) in set.OrderBy(field => field.FieldNumber))
        {
            CollectIn(value, prefix + name, types, missing);
        }
    }

    private static void CollectIn(object? value, string path, TypeRegistry types, List<string> missing)
    {
        switch (value)
        {
            case IMessage message:
                if (!message.IsInitialized())
                {
                    Collect(message, path + ".", types, missing);
                }

                break;
            case IDictionary map:
                var index = 0;
                foreach (DictionaryEntry entry in map)
                {
                    CollectIn(entry.Value, Indexed(path, index++) + ".value", types, missing);
                }

                break;
            case IList list:
                for (var i = 0; i < list.Count; i++)
                {
                    CollectIn(list[i], Indexed(path, i), types, missing);
                }

                break;
        }
    }

    private static string Indexed(string path, int index) => string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]");
}
