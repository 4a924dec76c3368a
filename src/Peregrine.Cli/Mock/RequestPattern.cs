// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections;
using System.Globalization;
using Peregrine.Protobuf;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Mock;

/// <summary>
/// What a rule asks of a request: the fields that are written must be so, whatever the others are; the same of messages in fields. A list must
/// have as many elements, a map at least the entries that are written. Immutable.
/// </summary>
/// <param name="written">The fields that are written.</param>
/// <param name="expected">The same as a message.</param>
internal sealed class RequestPattern(AnswerNode written, DynamicMessage expected)
{
    /// <summary>Whether a request is so.</summary>
    public bool Matches(DynamicMessage request) => MatchesValue(written, expected, request);

    private static bool Matches(AnswerNode written, DynamicMessage expected, DynamicMessage actual)
    {
        foreach (var (key, value) in written.Members)
        {
            var field = JsonForms.FindField(expected.Descriptor, key.Text);

            // An extension is written as [name], and not looked into.
            if (field is null ? !Equals(expected.Extensions, actual.Extensions) : !Matches(value, field, expected.GetField(field), actual.GetField(field)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Matches(AnswerNode written, FieldDescriptor field, object? expected, object? actual)
    {
        if (field.IsMap && written.Kind == AnswerKind.Mapping)
        {
            return MatchesMap(written, field, (IDictionary)expected!, (IDictionary)actual!);
        }

        if (!field.IsRepeated || written.Kind != AnswerKind.List)
        {
            return field.IsRepeated ? ((ICollection)actual!).Count == 0 : MatchesValue(written, expected, actual);
        }

        var (wanted, found) = ((IList)expected!, (IList)actual!);
        var same = wanted.Count == found.Count;
        for (var i = 0; same && i < wanted.Count; i++)
        {
            same = MatchesValue(written.Items[i], wanted[i], found[i]);
        }

        return same;
    }

    private static bool MatchesMap(AnswerNode written, FieldDescriptor field, IDictionary expected, IDictionary actual)
    {
        foreach (DictionaryEntry entry in expected)
        {
            var key = entry.Key is bool flag ? (flag ? "true" : "false") : Convert.ToString(entry.Key, CultureInfo.InvariantCulture)!;
            if (!actual.Contains(entry.Key) || !MatchesValue(written.Find(key) ?? written, entry.Value, actual[entry.Key]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool MatchesValue(AnswerNode written, object? expected, object? actual)
    {
        if (expected is not DynamicMessage message || written.Kind != AnswerKind.Mapping || JsonForms.IsFree(message.Descriptor) || JsonForms.IsAny(message.Descriptor))
        {
            return Equals(expected, actual);
        }

        // A message without fields asks only that there is one.
        return actual is DynamicMessage found && Matches(written, message, found);
    }
}
