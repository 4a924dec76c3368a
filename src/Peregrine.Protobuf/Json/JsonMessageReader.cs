// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Peregrine.Protobuf.Collections;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf.Json;

/// <summary>
/// Reads one JSON document into a message: objects, fields, lists and maps. Scalars go to <see cref="JsonScalarReader"/>,
/// well-known types to <see cref="WellKnownJsonReader"/>.
/// </summary>
/// <remarks>Each method is entered with the reader on the first token of a value and left with it on the value's last.</remarks>
internal sealed class JsonMessageReader
{
    private readonly WellKnownJsonReader _wellKnown;
    private readonly JsonScalarReader _scalars;
    private int _depth;

    public JsonMessageReader(JsonParser.Settings settings)
    {
        Settings = settings;
        _scalars = new JsonScalarReader(this);
        _wellKnown = new WellKnownJsonReader(this, _scalars);
    }

    public JsonParser.Settings Settings { get; }

    public FieldPath Path { get; } = new();

    public void Read(ReadOnlySpan<byte> json, IMessage message)
    {
        // A message level opens at most an object and an array; the reader's own limit is only the outer bound.
        int maxDepth = (int)Math.Min(int.MaxValue, (Settings.RecursionLimit * 3L) + 8);
        Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = maxDepth });
        try
        {
            reader.Read();
            ReadMessage(ref reader, message);
            reader.Read();
        }
        catch (JsonException e)
        {
            throw new InvalidJsonException(
                $"Not valid JSON at {Path}, line {e.LineNumber + 1}, column {e.BytePositionInLine + 1}: {e.Message}", e);
        }
        catch (JsonMismatchException e)
        {
            (int line, int column) = Locate(json, reader.TokenStartIndex);
            throw new InvalidProtocolBufferException($"{e.Message} At {Path}, line {line}, column {column}.", e);
        }
    }

    public void ReadMessage(ref Utf8JsonReader reader, IMessage message)
    {
        MessageDescriptor descriptor = message.Descriptor;
        if (descriptor.WellKnownType == WellKnownTypeKind.Value)
        {
            // A value adds no level of its own: the struct or list in it does.
            _wellKnown.Read(ref reader, message);
            return;
        }

        Enter();
        if (descriptor.WellKnownType != WellKnownTypeKind.None)
        {
            _wellKnown.Read(ref reader, message);
        }
        else
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw Mismatch($"an object of {descriptor.FullName}", reader.TokenType);
            }

            ReadFields(ref reader, message, isInAny: false);
        }

        Leave();
    }

    public void Enter()
    {
        if (++_depth > Settings.RecursionLimit)
        {
            throw new JsonMismatchException(
                $"The JSON is nested more than {Settings.RecursionLimit} deep. If the sender is trusted, raise the recursion limit.");
        }

        // A raised limit may not fit the stack, nor the default one a small stack.
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new JsonMismatchException($"The JSON is nested {_depth} deep, for which the stack of this thread is too small.");
        }
    }

    public void Leave() => _depth--;

    /// <summary>Reads the members of an object as fields; in an <c>Any</c> it passes over the one that names the type.</summary>
    public void ReadFields(ref Utf8JsonReader reader, IMessage message, bool isInAny)
    {
        MessageDescriptor descriptor = message.Descriptor;
        SeenFields seen = new(descriptor.Fields.ByNumber.Length, descriptor.Oneofs.Count);
        bool hasType = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (isInAny && JsonScalarReader.IsNamed(ref reader, AnyTypeIndex.Member))
            {
                AnyTypeIndex.CheckOnce(ref hasType);
                reader.Read();
                reader.Skip();
                continue;
            }

            string name = JsonScalarReader.ReadString(ref reader);
            if (!descriptor.Fields.TryFindByJsonName(name, out FieldDescriptor? field))
            {
                field = name.StartsWith('[') && name.EndsWith(']') ? Settings.TypeRegistry.FindExtension(descriptor, name[1..^1]) : null;
            }

            if (field is null)
            {
                if (!Settings.IgnoreUnknownFields)
                {
                    throw new JsonMismatchException($"{descriptor.FullName} has no field \"{name}\".");
                }

                reader.Read();
                reader.Skip();
                continue;
            }

            Path.Push(name);
            if (!seen.AddField(field))
            {
                throw new JsonMismatchException($"Field \"{field.Name}\" of {descriptor.FullName} is given twice.");
            }

            reader.Read();
            if (IsUnset(ref reader, field))
            {
                if (!field.IsExtension)
                {
                    message.ClearField(field.FieldNumber);
                }
            }
            else
            {
                if (!seen.AddOneof(field))
                {
                    throw new JsonMismatchException($"Oneof \"{field.ContainingOneof!.Name}\" of {descriptor.FullName} is given two fields.");
                }

                if (field.IsExtension)
                {
                    ReadExtension(ref reader, (IExtendable)message, field);
                }
                else
                {
                    ReadField(ref reader, message, field);
                }
            }

            Path.Pop();
        }
    }

    public static JsonMismatchException Mismatch(string expected, JsonTokenType found) =>
        new($"Expected {expected}, found {Describe(found)}.");

    /// <summary>Null means an unset field, but for the two types of which null is a value.</summary>
    private static bool IsUnset(ref Utf8JsonReader reader, FieldDescriptor field) =>
        reader.TokenType == JsonTokenType.Null && (field.IsRepeated || !AcceptsNull(field));

    private static bool AcceptsNull(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Message => field.MessageType.WellKnownType == WellKnownTypeKind.Value,
        FieldType.Enum => field.EnumType.FullName == WellKnownTypeKinds.NullValueFullName,
        _ => false,
    };

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

    private static (int Line, int Column) Locate(ReadOnlySpan<byte> json, long position)
    {
        ReadOnlySpan<byte> before = json[..(int)Math.Min(position, json.Length)];
        return (before.Count((byte)'\n') + 1, before.Length - before.LastIndexOf((byte)'\n'));
    }

    private void ReadField(ref Utf8JsonReader reader, IMessage message, FieldDescriptor field)
    {
        if (field.IsMap)
        {
            ReadMap(ref reader, message, field, (IDictionary)message.GetField(field.FieldNumber)!);
        }
        else if (field.IsRepeated)
        {
            ReadList(ref reader, message, field, (IList)message.GetField(field.FieldNumber)!);
        }
        else if (TryReadValue(ref reader, message, field, message.HasField(field.FieldNumber) ? message.GetField(field.FieldNumber) as IMessage : null, out object? value))
        {
            message.SetField(field.FieldNumber, value);
        }
    }

    private void ReadExtension(ref Utf8JsonReader reader, IExtendable message, FieldDescriptor field)
    {
        IExtensionSet extensions = message.GetOrCreateExtensions();
        Extension extension = field.ExtensionOf(message);
        if (field.IsRepeated)
        {
            ReadList(ref reader, message, field, extensions.GetOrCreateList(extension));
        }
        else if (TryReadValue(ref reader, message, field, extensions.Has(extension) ? extensions.Get(extension) as IMessage : null, out object? value))
        {
            extensions.Set(extension, value!);
        }
    }

    private void ReadList(ref Utf8JsonReader reader, IMessage message, FieldDescriptor field, IList list)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw Mismatch($"an array for repeated field \"{field.Name}\"", reader.TokenType);
        }

        for (int i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
        {
            Path.PushIndex(i);
            RefuseNull(ref reader, field, "An element of a repeated field");
            if (TryReadValue(ref reader, message, field, null, out object? value))
            {
                list.Add(value);
            }

            Path.Pop();
        }
    }

    private void ReadMap(ref Utf8JsonReader reader, IMessage message, FieldDescriptor field, IDictionary map)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw Mismatch($"an object for map field \"{field.Name}\"", reader.TokenType);
        }

        FieldDescriptor keyField = field.MessageType.Fields[WellKnownFields.MapKey];
        FieldDescriptor valueField = field.MessageType.Fields[WellKnownFields.MapValue];
        HashSet<object> seen = new(BoxedKeys.Comparer);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = JsonScalarReader.ReadString(ref reader);
            Path.Push(name);
            object key = JsonScalarReader.ReadMapKey(name, keyField);
            if (!seen.Add(key))
            {
                throw new JsonMismatchException($"Key \"{name}\" of map field \"{field.Name}\" is given twice.");
            }

            reader.Read();
            RefuseNull(ref reader, valueField, "The value of a map entry");
            if (TryReadValue(ref reader, message, valueField, null, out object? value))
            {
                map[key] = value;
            }

            Path.Pop();
        }
    }

    private static void RefuseNull(ref Utf8JsonReader reader, FieldDescriptor field, string what)
    {
        if (reader.TokenType == JsonTokenType.Null && !AcceptsNull(field))
        {
            throw new JsonMismatchException($"{what} cannot be null.");
        }
    }

    /// <summary>Reads a singular value; false for an unknown enum value that is to be ignored.</summary>
    private bool TryReadValue(ref Utf8JsonReader reader, IMessage container, FieldDescriptor field, IMessage? existing, out object? value)
    {
        if (!field.IsMessageKind)
        {
            return _scalars.TryRead(ref reader, field, out value);
        }

        MessageDescriptor type = field.MessageType;
        if (field.IsWrapper)
        {
            // A message holds a wrapper as its bare value.
            return _scalars.TryRead(ref reader, type.Fields[WellKnownFields.WrapperValue], out value);
        }

        IMessage message = existing ?? MessageFactory.CreateInside(container, type);
        ReadMessage(ref reader, message);
        value = message;
        return true;
    }
}
