// SPDX-License-Identifier: Apache-2.0
using System;
using System.Text.Json;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf.Json;

/// <content>What the reader says of input that it refuses. Apart, so that the code that reads has no text to put together in its way.</content>
internal sealed partial class JsonMessageReader
{
    public static JsonMismatchException Mismatch(string expected, JsonTokenType found) =>
        new($"Expected {expected}, found {Describe(found)}.");

    private static string Describe(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "a boolean",
        JsonTokenType.Null => "null",
        _ => token.ToString(),
    };

    private static JsonMismatchException NotAnObject(JsonType type, JsonTokenType found) =>
        Mismatch($"an object of {type.Descriptor.FullName}", found);

    private static JsonMismatchException NotAnObject(JsonField map, JsonTokenType found) =>
        Mismatch($"an object for map field \"{map.Descriptor.Name}\"", found);

    private static JsonMismatchException NotAnArray(JsonField field, JsonTokenType found) =>
        Mismatch($"an array for repeated field \"{field.Descriptor.Name}\"", found);

    private static JsonMismatchException NoSuchField(JsonType type, string name) =>
        new($"{type.Descriptor.FullName} has no field \"{name}\".");

    private static JsonMismatchException GivenTwice(JsonType type, JsonField field) =>
        new($"Field \"{field.Descriptor.Name}\" of {type.Descriptor.FullName} is given twice.");

    private static JsonMismatchException GivenTwoFields(JsonType type, OneofDescriptor oneof) =>
        new($"Oneof \"{oneof.Name}\" of {type.Descriptor.FullName} is given two fields.");

    private JsonMismatchException KeyGivenTwice(JsonField map) =>
        new($"Key \"{Path.Last}\" of map field \"{map.Descriptor.Name}\" is given twice.");

    private JsonMismatchException TooDeep() => new(_depth > Settings.RecursionLimit
        ? $"The JSON is nested more than {Settings.RecursionLimit} deep. If the sender is trusted, raise the recursion limit."
        : $"The JSON is nested {_depth} deep, for which the stack of this thread is too small.");

    private InvalidJsonException Invalid(JsonException e) =>
        new($"Not valid JSON at {Path}, line {e.LineNumber + 1}, column {e.BytePositionInLine + 1}: {e.Message}", e);

    private InvalidProtocolBufferException Refused(JsonMismatchException e, ReadOnlySpan<byte> json, long position)
    {
        ReadOnlySpan<byte> before = json[..(int)Math.Min(position, json.Length)];
        int line = before.Count((byte)'\n') + 1;
        int column = before.Length - before.LastIndexOf((byte)'\n');
        return new InvalidProtocolBufferException($"{e.Message} At {Path}, line {line}, column {column}.", e);
    }
}
