// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;

namespace Peregrine.Protobuf.Compiler.Symbols;

/// <summary>What the options of an option's own definition say about its use.</summary>
internal static class OptionRules
{
    private const int RetentionSource = 2;

    /// <summary>Whether an option stays in the source only and is left out of descriptors.</summary>
    public static bool IsSourceOnly(FieldSymbol field) => field.Options.Get(OptionNumbers.Retention) is RetentionSource;

    /// <summary>Whether an option may be set on something of that kind.</summary>
    public static bool AllowsTarget(FieldSymbol field, OptionTarget target) =>
        field.Options.Value?.Find(OptionNumbers.Targets) is not { } targets || targets.Values.Contains((int)target);

    /// <summary>What an option may be set on, in words; empty if on anything.</summary>
    public static IEnumerable<string> TargetsOf(FieldSymbol field)
    {
        foreach (object target in field.Options.Value?.Find(OptionNumbers.Targets)?.Values ?? [])
        {
            yield return target is int number and >= (int)OptionTarget.File and <= (int)OptionTarget.Method ? OptionSet.Empty((OptionTarget)number).TargetName : "";
        }
    }

    /// <summary>The message without the options that stay in the source: mostly the message itself, else a copy.</summary>
    public static OptionMessage Strip(OptionMessage message)
    {
        if (!HoldsSourceOnly(message))
        {
            return message;
        }

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

    private static bool HoldsSourceOnly(OptionMessage message)
    {
        foreach (OptionField entry in message.Fields)
        {
            if (IsSourceOnly(entry.Field))
            {
                return true;
            }

            if (entry.Field is { MessageType: not null, IsDelimited: false } &&
                entry.Values.Exists(static value => value is OptionMessage inner && HoldsSourceOnly(inner)))
            {
                return true;
            }
        }

        return false;
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
