// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Text.Json;

namespace Peregrine.Protobuf.Json;

/// <summary>
/// Tells the types of the <c>Any</c> objects of one document. Where the type is not the first member it is searched for, once for all that
/// lies inside as well: objects that stand in each other would else be searched for each level anew.
/// </summary>
internal sealed class AnyTypeIndex
{
    // By the place of an object's first byte; null stands for a type that is no text. Objects that have no type are not in here.
    private readonly Dictionary<long, string?> _types = [];
    private long _searchedUpTo;

    /// <summary>The name of the member that names the type.</summary>
    public static ReadOnlySpan<byte> Member => "@type"u8;

    /// <summary>Refuses a second member that names the type.</summary>
    public static void CheckOnce(ref bool hasType)
    {
        if (hasType)
        {
            throw new JsonMismatchException("Member \"@type\" of an Any is given twice.");
        }

        hasType = true;
    }

    /// <summary>Finds the type of the object at whose start a reader is.</summary>
    /// <param name="ahead">A copy of the reader.</param>
    /// <param name="isEmpty">Whether the object has no member.</param>
    /// <returns>The type URL, or null if there is none.</returns>
    public string? Find(Utf8JsonReader ahead, out bool isEmpty)
    {
        long start = ahead.TokenStartIndex;
        Utf8JsonReader first = ahead;
        isEmpty = !first.Read() || first.TokenType != JsonTokenType.PropertyName;
        if (isEmpty)
        {
            return null;
        }

        if (JsonScalarReader.IsNamed(ref first, Member))
        {
            first.Read();
            return JsonScalarReader.RequireString(ref first, "a type URL");
        }

        if (start >= _searchedUpTo)
        {
            Search(ahead);
        }

        return _types.TryGetValue(start, out string? typeUrl)
            ? typeUrl ?? throw new JsonMismatchException("Member \"@type\" of an Any is not the text of a type URL.")
            : null;
    }

    private void Search(Utf8JsonReader reader)
    {
        Stack<long> open = new([reader.TokenStartIndex]);
        while (open.Count > 0 && reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    open.Push(reader.TokenStartIndex);
                    break;
                case JsonTokenType.EndObject:
                    open.Pop();
                    break;
                case JsonTokenType.PropertyName when IsMember(ref reader):
                    reader.Read();
                    _types.TryAdd(open.Peek(), TextOf(ref reader));
                    if (reader.TokenType == JsonTokenType.StartObject)
                    {
                        open.Push(reader.TokenStartIndex);
                    }

                    break;
            }
        }

        _searchedUpTo = reader.TokenStartIndex;
    }

    // Objects in it may be no Any, and have names and texts that are none in an Any.
    private static bool IsMember(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.ValueTextEquals(Member);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static string? TextOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
