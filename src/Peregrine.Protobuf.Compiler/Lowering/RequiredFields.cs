// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;
using System.Globalization;
using Peregrine.Protobuf.Compiler.Symbols;

namespace Peregrine.Protobuf.Compiler.Lowering;

/// <summary>Finds the required fields that a message value in an option lacks, in itself and in the messages inside it.</summary>
internal static class RequiredFields
{
    /// <summary>Their names, as paths from the message: <c>a</c>, <c>items[1].a</c>, <c>(pkg.extension).a</c>.</summary>
    public static List<string> FindMissing(OptionMessage message)
    {
        List<string> missing = [];
        Find(message, prefix: "", missing);
        return missing;
    }

    // As deep as the reader lets values be nested.
    private static void Find(OptionMessage message, string prefix, List<string> missing)
    {
        foreach (FieldSymbol field in message.Type.RequiredFields)
        {
            if (!message.Has(field.Number))
            {
                missing.Add(prefix + field.Name);
            }
        }

        foreach (OptionField entry in message.Fields)
        {
            if (entry.Field.MessageType is null)
            {
                continue;
            }

            string name = prefix + (entry.Field.IsExtension ? $"({entry.Field.FullName})" : entry.Field.Name);
            for (int i = 0; i < entry.Values.Count; i++)
            {
                Find((OptionMessage)entry.Values[i], entry.Field.IsRepeated ? string.Create(CultureInfo.InvariantCulture, $"{name}[{i}].") : name + ".", missing);
            }
        }
    }
}
