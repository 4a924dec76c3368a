// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Compiler.Symbols;

namespace Peregrine.Protobuf.Compiler.Lowering;

/// <summary>What the options of an option's own definition say about its use; the numbers are those of <c>FieldOptions</c>.</summary>
internal static class OptionRules
{
    private const int RetentionField = 17;
    private const int TargetsField = 19;
    private const int RetentionSource = 2;

    /// <summary>Whether an option stays in the source only and is left out of descriptors.</summary>
    public static bool IsSourceOnly(FieldSymbol field) => field.Options.Get(RetentionField) is RetentionSource;

    /// <summary>Whether an option may be set on something of that kind.</summary>
    public static bool AllowsTarget(FieldSymbol field, OptionTarget target) =>
        field.Options.Value?.Find(TargetsField) is not { } targets || targets.Values.Contains((int)target);

    /// <summary>A copy without the options that stay in the source.</summary>
    public static OptionMessage Strip(OptionMessage message)
    {
        OptionMessage kept = new(message.Type);
        kept.AddUnknownOf(message);
        foreach (OptionField entry in message.Fields)
        {
            if (IsSourceOnly(entry.Field))
            {
                continue;
            }

            // protoc does not look into groups.
            foreach (object value in entry.Values)
            {
                kept.Add(entry.Field, value is OptionMessage inner && !entry.Field.IsDelimited ? Strip(inner) : value);
            }
        }

        return kept;
    }

    /// <summary>Whether a path below an options message leads to or through an option that stays in the source.</summary>
    public static bool IsStripped(OptionMessage message, int[] path)
    {
        OptionMessage? current = message;
        foreach (int number in path)
        {
            if (current?.Find(number) is not { } entry)
            {
                return false;
            }

            if (IsSourceOnly(entry.Field))
            {
                return true;
            }

            // What follows the number of a repeated field is an index, and the end: nothing is written through one.
            if (entry.Field.IsRepeated || entry.Field.IsDelimited)
            {
                return false;
            }

            current = entry.Values[^1] as OptionMessage;
        }

        return false;
    }
}
