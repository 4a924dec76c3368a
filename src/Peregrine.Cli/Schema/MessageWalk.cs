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
            foreach (var field in next.Descriptor.Fields.InFieldNumberOrder().Where(field => field.FieldType is FieldType.Message or FieldType.Group))
            {
                Push(next.GetField(field.FieldNumber), pending);
            }

            if (next is IExtendable { Extensions: { } extensions })
            {
                foreach (var (_, value) in extensions.Values)
                {
                    Push(value, pending);
                }
            }
        }
    }

    private static void Push(object? value, Stack<IMessage> pending)
    {
        switch (value)
        {
            case IMessage single:
                pending.Push(single);
                break;
            case IDictionary map:
                foreach (var each in map.Values.OfType<IMessage>())
                {
                    pending.Push(each);
                }

                break;
            case IList list:
                foreach (var each in list.OfType<IMessage>())
                {
                    pending.Push(each);
                }

                break;
        }
    }
}
