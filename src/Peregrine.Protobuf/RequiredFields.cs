// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
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
        Collect(message, new FieldPath(), missing);
        return string.Join(", ", missing);
    }

    private static void Collect(IMessage message, FieldPath path, List<string> missing)
    {
        MessageNesting.Check();
        foreach (FieldDescriptor field in message.Descriptor.Fields.InDeclarationOrder())
        {
            if (missing.Count >= MostNamed)
            {
                return;
            }

            path.Push(field.Name);
            if (message.HasField(field.FieldNumber))
            {
                CollectNested(message.GetField(field.FieldNumber), path, missing);
            }
            else if (field.IsRequired)
            {
                missing.Add(path.ToFieldPath());
            }

            path.Pop();
        }

        if (message is IExtendable { Extensions: { } extensions })
        {
            foreach ((Extension extension, object value) in extensions.Values)
            {
                path.Push(string.Create(CultureInfo.InvariantCulture, $"({extension.FieldNumber})"));
                CollectNested(value, path, missing);
                path.Pop();
            }
        }
    }

    private static void CollectNested(object? value, FieldPath path, List<string> missing)
    {
        switch (value)
        {
            // What lacks nothing is passed over by the faster way, but not on every one of very many levels: each goes through all below.
            case IMessage nested when path.Depth > WireReaderOptions.DefaultRecursionLimit || !nested.IsInitialized():
                Collect(nested, path, missing);
                break;
            case IDictionary map:
                foreach (DictionaryEntry entry in map)
                {
                    path.PushKey(Convert.ToString(entry.Key, CultureInfo.InvariantCulture)!);
                    CollectNested(entry.Value, path, missing);
                    path.Pop();
                }

                break;
            case IList list:
                for (int i = 0; i < list.Count; i++)
                {
                    path.PushIndex(i);
                    CollectNested(list[i], path, missing);
                    path.Pop();
                }

                break;
        }
    }
}
