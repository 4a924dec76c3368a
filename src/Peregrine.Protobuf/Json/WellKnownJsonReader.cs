// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections;
using System.Text.Json;
using Peregrine.Protobuf.Collections;
using Peregrine.Protobuf.Reflection;
using Peregrine.Protobuf.WellKnownTypes;

namespace Peregrine.Protobuf.Json;

/// <summary>Reads the messages that have a JSON form of their own.</summary>
internal sealed class WellKnownJsonReader(JsonMessageReader messages, JsonScalarReader scalars)
{
    private readonly AnyTypeIndex _anyTypes = new();

    public void Read(ref Utf8JsonReader reader, IMessage message, JsonType type)
    {
        switch (type.WellKnownType)
        {
            case WellKnownTypeKind.Any:
                ReadAny(ref reader, message);
                break;
            case WellKnownTypeKind.Timestamp:
                {
                    string text = JsonScalarReader.RequireString(ref reader, "an RFC 3339 timestamp");
                    if (!TimestampText.TryParse(text, out long seconds, out int nanos))
                    {
                        throw new JsonMismatchException($"\"{text}\" is not an RFC 3339 timestamp of years 1 to 9999.");
                    }

                    SetTime(message, seconds, nanos);
                    break;
                }

            case WellKnownTypeKind.Duration:
                {
                    string text = JsonScalarReader.RequireString(ref reader, "a duration");
                    if (!DurationText.TryParse(text, out long seconds, out int nanos))
                    {
                        throw new JsonMismatchException(
                            $"\"{text}\" is not a duration: seconds with up to 9 fraction digits and the suffix \"s\", within 315,576,000,000 seconds.");
                    }

                    SetTime(message, seconds, nanos);
                    break;
                }

            case WellKnownTypeKind.FieldMask:
                ReadFieldMask(ref reader, message);
                break;
            case WellKnownTypeKind.Struct:
                ReadStruct(ref reader, message);
                break;
            case WellKnownTypeKind.Value:
                ReadValue(ref reader, message);
                break;
            case WellKnownTypeKind.ListValue:
                ReadList(ref reader, message);
                break;
            case WellKnownTypeKind.Wrapper:
                if (scalars.TryRead(ref reader, type.Wrapped.Descriptor, out object? value))
                {
                    message.SetField(WellKnownFields.WrapperValue, value);
                }

                break;
        }
    }

    private static void SetTime(IMessage message, long seconds, int nanos)
    {
        message.SetScalar(WellKnownFields.Seconds, FieldAccess.ToBits(seconds));
        message.SetScalar(WellKnownFields.Nanos, FieldAccess.ToBits(nanos));
    }

    private static IMessage NewMessage(IMessage container, MessageDescriptor containing, int fieldNumber) =>
        MessageFactory.CreateInside(container, containing.Fields[fieldNumber].MessageType);

    private static void ReadFieldMask(ref Utf8JsonReader reader, IMessage message)
    {
        string text = JsonScalarReader.RequireString(ref reader, "the paths of a field mask");
        if (text.Length == 0)
        {
            return;
        }

        var paths = (IList)message.GetField(WellKnownFields.FieldMaskPaths)!;
        foreach (Range range in text.AsSpan().Split(','))
        {
            ReadOnlySpan<char> part = text.AsSpan(range);
            paths.Add(FieldMaskText.FromJsonPath(part)
                ?? throw new JsonMismatchException($"\"{part}\" is not a path in lower camel case."));
        }
    }

    private void ReadStruct(ref Utf8JsonReader reader, IMessage message)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw JsonMessageReader.Mismatch("an object", reader.TokenType);
        }

        MapKeys keys = new((IUntypedMap)message.GetField(WellKnownFields.StructFields)!);
        MessageDescriptor entry = message.Descriptor.Fields[WellKnownFields.StructFields].MessageType;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = JsonScalarReader.ReadString(ref reader);
            messages.Path.Push(name);
            reader.Read();
            IMessage value = NewMessage(message, entry, WellKnownFields.MapValue);
            messages.ReadMessage(ref reader, value);
            if (!keys.TryAdd(new UntypedValue(0, name), new UntypedValue(0, value)))
            {
                throw new JsonMismatchException($"Member \"{name}\" is given twice.");
            }

            messages.Path.Pop();
        }
    }

    private void ReadList(ref Utf8JsonReader reader, IMessage message)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw JsonMessageReader.Mismatch("an array", reader.TokenType);
        }

        var values = (IList)message.GetField(WellKnownFields.ListValues)!;
        for (int i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
        {
            messages.Path.PushIndex(i);
            IMessage value = NewMessage(message, message.Descriptor, WellKnownFields.ListValues);
            messages.ReadMessage(ref reader, value);
            values.Add(value);
            messages.Path.Pop();
        }
    }

    private void ReadValue(ref Utf8JsonReader reader, IMessage message)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                message.SetScalar(WellKnownFields.NullValue, 0);
                break;
            case JsonTokenType.True or JsonTokenType.False:
                message.SetScalar(WellKnownFields.BoolValue, FieldAccess.ToBits(reader.TokenType == JsonTokenType.True));
                break;
            case JsonTokenType.Number:
                message.SetScalar(WellKnownFields.NumberValue, FieldAccess.ToBits(JsonScalarReader.ReadDouble(ref reader)));
                break;
            case JsonTokenType.String:
                message.SetField(WellKnownFields.StringValue, JsonScalarReader.ReadString(ref reader));
                break;
            default:
                int number = reader.TokenType == JsonTokenType.StartObject ? WellKnownFields.StructValue : WellKnownFields.ListValue;
                IMessage container = NewMessage(message, message.Descriptor, number);
                messages.ReadMessage(ref reader, container);
                message.SetField(number, container);
                break;
        }
    }

    private void ReadAny(ref Utf8JsonReader reader, IMessage message)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw JsonMessageReader.Mismatch("an object with \"@type\"", reader.TokenType);
        }

        // The members cannot be read before the type is known, and "@type" may stand last.
        string? typeUrl = _anyTypes.Find(reader, out bool isEmpty);
        if (typeUrl is null)
        {
            if (!isEmpty)
            {
                throw new JsonMismatchException("An Any needs a member \"@type\".");
            }

            reader.Read();
            return;
        }

        if (typeUrl.LastIndexOf('/') <= 0)
        {
            throw new JsonMismatchException($"\"{typeUrl}\" is not a type URL: a prefix, a slash and a full type name.");
        }

        string typeName = TypeUrl.TypeNameOf(typeUrl).ToString();
        IMessage content = messages.Settings.TypeRegistry.Find(typeName)?.KnownParser!.CreateTemplate()
            ?? throw new JsonMismatchException($"The type registry lacks \"{typeName}\", the type of an Any.");
        if (content.Descriptor.WellKnownType == WellKnownTypeKind.None)
        {
            messages.Enter();
            messages.ReadFields(ref reader, content, JsonType.Of(content.Descriptor), isInAny: true);
            messages.Leave();
        }
        else
        {
            ReadWrappedContent(ref reader, content);
        }

        message.SetField(WellKnownFields.AnyTypeUrl, typeUrl);
        message.SetField(WellKnownFields.AnyValue, content.ToByteString());
    }

    /// <summary>Reads the member "value", in which a type with a JSON form of its own stands.</summary>
    private void ReadWrappedContent(ref Utf8JsonReader reader, IMessage content)
    {
        bool found = false;
        bool hasType = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (JsonScalarReader.IsNamed(ref reader, "value"u8))
            {
                if (found)
                {
                    throw new JsonMismatchException("Member \"value\" of an Any is given twice.");
                }

                found = true;
                messages.Path.Push("value");
                reader.Read();
                messages.ReadMessage(ref reader, content);
                messages.Path.Pop();
                continue;
            }

            if (JsonScalarReader.IsNamed(ref reader, AnyTypeIndex.Member))
            {
                AnyTypeIndex.CheckOnce(ref hasType);
            }
            else if (!messages.Settings.IgnoreUnknownFields)
            {
                throw new JsonMismatchException(
                    $"An Any of {content.Descriptor.FullName} has no member \"{JsonScalarReader.ReadString(ref reader)}\", only \"@type\" and \"value\".");
            }

            reader.Read();
            reader.Skip();
        }

        if (!found)
        {
            throw new JsonMismatchException($"An Any of {content.Descriptor.FullName} needs a member \"value\".");
        }
    }
}
