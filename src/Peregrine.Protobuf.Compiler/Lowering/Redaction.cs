// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;
using Peregrine.Protobuf.Compiler.Symbols;

namespace Peregrine.Protobuf.Compiler.Lowering;

/// <summary>Finds options with <c>debug_redact</c>: on themselves, or on something inside their type.</summary>
internal static class Redaction
{
    /// <summary>The first such extension that a file defines, or null.</summary>
    public static FieldSymbol? FindOption(FileSymbol file)
    {
        HashSet<Symbol> seen = [];
        foreach (MessageSymbol message in file.AllMessages())
        {
            if (message.Extensions.Find(extension => IsRedacted(extension, seen)) is { } nested)
            {
                return nested;
            }
        }

        return file.Extensions.Find(extension => IsRedacted(extension, seen));
    }

    // A type that was looked into without success is not looked into again; a list instead of calls, since types refer to each other in
    // chains of any length.
    private static bool IsRedacted(FieldSymbol start, HashSet<Symbol> seen)
    {
        Stack<FieldSymbol> open = new([start]);
        while (open.TryPop(out FieldSymbol? field))
        {
            if (field.Options.GetBool(OptionNumbers.DebugRedact) || field.EnumType?.Values.Exists(value => value.Options.GetBool(OptionNumbers.EnumValueDebugRedact)) == true)
            {
                return true;
            }

            if (field.MessageType is { } type && seen.Add(type))
            {
                type.Fields.ForEach(open.Push);
            }
        }

        return false;
    }
}
