// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using Peregrine.Protobuf;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Schema;

/// <summary>Finds the types that <c>Any</c> messages name, so that a schema can load them before they are needed.</summary>
internal static class AnyTypes
{
    // More types than these in a message are nobody's: each may cost a question to the server.
    private const int MaxTypes = 100;

    /// <summary>Those of a JSON value.</summary>
    public static IReadOnlyList<string> In(ReadOnlySpan<byte> json)
    {
        List<string> names = [];
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 1000 });
        while (names.Count < MaxTypes && reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("@type"u8) && reader.Read() && reader.TokenType == JsonTokenType.String)
            {
                names.Add(NameOf(reader.GetString()!));
            }
        }

        return names;
    }

    /// <summary>Those of a message and all that it holds, as deep as the bytes of an <c>Any</c> need not be read.</summary>
    public static IReadOnlyList<string> In(IMessage message)
    {
        HashSet<string> names = [];
        Stack<IMessage> pending = new([message]);
        while (names.Count < MaxTypes && pending.TryPop(out var next))
        {
            if (next.Descriptor.FullName == "google.protobuf.Any" && next.GetField(1) is string { Length: > 0 } url)
            {
                names.Add(NameOf(url));
                continue;
            }

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

        return [.. names];
    }

    /// <summary>The full name in a type URL.</summary>
    public static string NameOf(string typeUrl) => typeUrl[(typeUrl.LastIndexOf('/') + 1)..];

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
