// SPDX-License-Identifier: Apache-2.0
using System;
using System.Text;
using Peregrine.Protobuf.Compiler.Symbols;

namespace Peregrine.Protobuf.Compiler.Lowering;

/// <summary>Gives every field its JSON name: the one that is written, else its name in lowerCamelCase.</summary>
internal static class AssignJsonNames
{
    public static void Run(FileSymbol file)
    {
        foreach (MessageSymbol message in file.AllMessages())
        {
            message.Fields.ForEach(Assign);
            message.Extensions.ForEach(Assign);
        }

        file.Extensions.ForEach(Assign);
    }

    private static void Assign(FieldSymbol field) => field.JsonName = field.ExplicitJsonName?.Value ?? ToJsonName(field.Name);

    /// <summary>Drops underscores and turns the letter behind each into a capital.</summary>
    internal static string ToJsonName(string name)
    {
        if (!name.Contains('_', StringComparison.Ordinal))
        {
            return name;
        }

        StringBuilder json = new(name.Length);
        bool upper = false;
        foreach (char c in name)
        {
            if (c == '_')
            {
                upper = true;
            }
            else
            {
                json.Append(upper ? char.ToUpperInvariant(c) : c);
                upper = false;
            }
        }

        return json.ToString();
    }
}
