// SPDX-License-Identifier: Apache-2.0

using System.Collections;
using System.Collections.Generic;
using System.Linq;
using Peregrine.Protobuf;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Schema;

/// <summary>A message with all messages in it.</summary>
internal static class MessageWalk
{
    /// <summary>The message itself, and those in its fields and extensions at any depth; not those in the bytes of an <c>Any</c>.</summary>
    public static IEnumerable<IMessage> WithParts(IMessage message)
    {
        Stack<IMessage> pending = new([message]);
        while (pending.TryPop(out var next))
        {
            yield return next;
            foreach (var part in Parts(next))
            {
                pending.Push(part.Message);
            }
        }
    }

    /// <summary>The messages that a message itself holds: those of fields in the order of their numbers, then those of extensions.</summary>
    public static IEnumerable<MessagePart> Parts(IMessage message)
    {
        var values = message.Descriptor.Fields.InFieldNumberOrder().Where(field => field.FieldType is FieldType.Message or FieldType.Group)
            .Select(field => (field.Name, Value: message.GetField(field.FieldNumber)));
        if (message is IExtendable { Extensions: { } extensions })
        {
            values = values.Concat(extensions.Values.Select(extension => ($"[{extension.Extension.FieldNumber}]", (object?)extension.Value)));
        }

        return values.SelectMany(field => In(field.Name, field.Value));
    }

    private static IEnumerable<MessagePart> In(string field, object? value) => value switch
    {
        IMessage single => [new MessagePart(field, null, single)],
        IDictionary map => Entries(map).Where(entry => entry.Value is IMessage).Select(entry => new MessagePart(field, entry.Key, (IMessage)entry.Value!)),
        IList list => list.OfType<IMessage>().Select((element, index) => new MessagePart(field, index, element)),
        _ => [],
    };

    // As the elements of a plain enumeration a map has pairs of its own type.
    private static IEnumerable<DictionaryEntry> Entries(IDictionary map)
    {
        foreach (DictionaryEntry entry in map)
        {
            yield return entry;
        }
    }
}
