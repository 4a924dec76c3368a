// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;
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

    /// <summary>What an option may be set on, in words; empty if on anything.</summary>
    public static IEnumerable<string> TargetsOf(FieldSymbol field)
    {
        foreach (object target in field.Options.Value?.Find(TargetsField)?.Values ?? [])
        {
            yield return target is int number ? new OptionSet((OptionTarget)number).TargetName : "";
        }
    }

    /// <summary>A copy without the options that stay in the source.</summary>
    public static OptionMessage Strip(OptionMessage message)
    {
        OptionMessage kept = new(message.Type);
        foreach (OptionField entry in message.Fields)
        {
            if (IsSourceOnly(entry.Field))
            {
                continue;
            }

            foreach (object value in entry.Values)
            {
                kept.Add(entry.Field, value is OptionMessage inner ? Strip(inner) : value);
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

            current = entry.Values[^1] as OptionMessage;
        }

        return false;
    }
}
