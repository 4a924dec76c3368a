// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Peregrine.Protobuf;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Calls;

/// <summary>Finds the field for which a message has no JSON.</summary>
internal static class JsonlessField
{
    /// <summary>The path of the innermost message that has none, such as <c>orders[2].at</c>; empty for the message itself.</summary>
    /// <param name="message">A message without JSON.</param>
    /// <param name="hasJson">Whether a message has JSON.</param>
    public static string PathIn(IMessage message, Func<IMessage, bool> hasJson)
    {
        List<string> path = [];
        while (PartsOf(message).FirstOrDefault(part => !hasJson(part.Message)) is { Message: { } inner } found)
        {
            path.Add(found.Name);
            message = inner;
        }

        return string.Join('.', path);
    }

    private static IEnumerable<(string Name, IMessage Message)> PartsOf(IMessage message)
    {
        foreach (var field in message.Descriptor.Fields.InFieldNumberOrder().Where(field => field.FieldType is FieldType.Message or FieldType.Group))
        {
            switch (message.GetField(field.FieldNumber))
            {
                case IMessage single:
                    yield return (field.Name, single);
                    break;
                case IDictionary map:
                    foreach (DictionaryEntry entry in map)
                    {
                        if (entry.Value is IMessage value)
                        {
                            yield return ($"{field.Name}[{Convert.ToString(entry.Key, CultureInfo.InvariantCulture)}]", value);
                        }
                    }

                    break;
                case IList list:
                    for (var i = 0; i < list.Count; i++)
                    {
                        if (list[i] is IMessage element)
                        {
                            yield return ($"{field.Name}[{i.ToString(CultureInfo.InvariantCulture)}]", element);
                        }
                    }

                    break;
            }
        }
    }
}
