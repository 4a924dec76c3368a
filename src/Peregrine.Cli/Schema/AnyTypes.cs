// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;
using Peregrine.Protobuf;

namespace Peregrine.Cli.Schema;

/// <summary>Finds the types that <c>Any</c> messages name, and the extensions that are written by name, so that a schema can load them before they are needed.</summary>
internal static partial class AnyTypes
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
            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            if (reader.GetString() is ['[', .. var extension, ']'])
            {
                names.Add(extension);
            }
            else if (reader.ValueTextEquals("@type"u8) && reader.Read() && reader.TokenType == JsonTokenType.String)
            {
                names.Add(NameOf(reader.GetString()!));
            }
        }

        return names;
    }

    /// <summary>Those of text format.</summary>
    public static IReadOnlyList<string> In(string text) => [.. Brackets().Matches(text).Select(match => NameOf(match.Groups[1].Value)).Distinct().Take(MaxTypes)];

    /// <summary>Those of a message and all that it holds, as deep as the bytes of an <c>Any</c> need not be read.</summary>
    public static IReadOnlyList<string> In(IMessage message) =>
    [
        .. MessageWalk.WithParts(message)
            .Select(part => part.Descriptor.FullName == "google.protobuf.Any" && part.GetField(1) is string { Length: > 0 } url ? NameOf(url) : null)
            .OfType<string>().Distinct().Take(MaxTypes),
    ];

    /// <summary>The full name in a type URL.</summary>
    public static string NameOf(string typeUrl) => typeUrl[(typeUrl.LastIndexOf('/') + 1)..];

    [GeneratedRegex(@"\[\s*([A-Za-z_][\w./-]*)\s*\]")]
    private static partial Regex Brackets();
}
