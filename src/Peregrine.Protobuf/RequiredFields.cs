// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using System.Collections.Generic;
using Peregrine.Protobuf.Reflection;
using Peregrine.Protobuf.Wire;

namespace Peregrine.Protobuf;

/// <summary>Names the required fields that a message lacks. Descriptors are only touched when something is missing.</summary>
internal static class RequiredFields
{
    // A message with a million incomplete elements should not give an error of a million lines.
    private const int MostNamed = 10;

    public static void Check(IMessage message)
    {
        if (!message.IsInitialized())
        {
            throw InvalidProtocolBufferException.MissingRequiredFields(message.Descriptor.FullName, MissingIn(message));
        }
    }

    /// <summary>The paths of the first required fields that a message lacks, parted by commas.</summary>
    public static string MissingIn(IMessage message)
    {
        List<string> missing = [];
        Collect(message, "", missing);
        return string.Join(", ", missing);
    }

    internal static void Collect(IMessage message, string prefix, List<string> missing)
    {
        MessageNesting.Check();
        foreach (FieldDescriptor field in message.Descriptor.Fields.InDeclarationOrder())
        {
            if (missing.Count >= MostNamed)
            {
                return;
            }

            string path = prefix + field.Name;
            if (!message.HasField(field.FieldNumber))
            {
                if (field.IsRequired)
                {
                    missing.Add(path);
                }

                continue;
            }

            CollectNested(message.GetField(field.FieldNumber), path, missing);
        }

        if (message is IExtendable { Extensions: { } extensions })
        {
            foreach ((Extension extension, object value) in extensions.Values)
            {
                CollectNested(value, $"{prefix}({extension.FieldNumber})", missing);
            }
        }
    }

    private static void CollectNested(object? value, string path, List<string> missing)
    {
        switch (value)
        {
            case IMessage nested when !nested.IsInitialized():
                Collect(nested, path + ".", missing);
                break;
            case IDictionary map:
                foreach (DictionaryEntry entry in map)
                {
                    CollectNested(entry.Value, $"{path}[{entry.Key}]", missing);
                }

                break;
            case IList list:
                for (int i = 0; i < list.Count; i++)
                {
                    CollectNested(list[i], $"{path}[{i}]", missing);
                }

                break;
        }
    }
}
