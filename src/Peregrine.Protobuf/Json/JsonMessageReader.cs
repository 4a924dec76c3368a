// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.Collections;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Peregrine.Protobuf.Collections;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf.Json;

/// <summary>
/// Reads one JSON document into a message: objects, fields, lists and maps. Scalars go to <see cref="JsonScalarReader"/>,
/// well-known types to <see cref="WellKnownJsonReader"/>.
/// </summary>
/// <remarks>Each method is entered with the reader on the first token of a value and left with it on the value's last.</remarks>
internal sealed partial class JsonMessageReader
{
    // A thread keeps the reader that it used last; whoever takes it has it alone.
    [ThreadStatic]
    private static JsonMessageReader? _kept;

    // Longer texts get memory of the pool.
    private const int KeptLength = 4096;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly JsonScalarReader _scalars;
    private byte[]? _text;
    private WellKnownJsonReader? _wellKnown;
    private int _depth;

    private JsonMessageReader()
    {
        _scalars = new JsonScalarReader(this);
    }

    public JsonParser.Settings Settings { get; private set; } = JsonParser.Settings.Default;

    public FieldPath Path { get; } = new();

    private WellKnownJsonReader WellKnown => _wellKnown ??= new WellKnownJsonReader(this, _scalars);

    /// <summary>Reads one document into a message.</summary>
    public static void Read(ReadOnlySpan<byte> json, IMessage message, JsonParser.Settings settings)
    {
        JsonMessageReader messages = Take(settings);
        messages.Read(json, message);
        messages.PutBack();
    }

    /// <summary>Reads one document into a message.</summary>
    public static void Read(string json, IMessage message, JsonParser.Settings settings)
    {
        JsonMessageReader messages = Take(settings);
        if (StrictUtf8.GetMaxByteCount(json.Length) <= KeptLength)
        {
            messages.Read(json, messages._text ??= new byte[KeptLength], message);
        }
        else
        {
            byte[] buffer = ArrayPool<byte>.Shared.Rent(StrictUtf8.GetMaxByteCount(json.Length));
            try
            {
                messages.Read(json, buffer, message);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }

        messages.PutBack();
    }

    private static JsonMessageReader Take(JsonParser.Settings settings)
    {
        JsonMessageReader messages = _kept ?? new JsonMessageReader();
        _kept = null;
        messages.Settings = settings;
        return messages;
    }

    // Where an error was thrown the reader is left to the garbage collector: it stands in the middle of something.
    private void PutBack()
    {
        _wellKnown = null;
        _kept = this;
    }

    private void Read(string json, byte[] buffer, IMessage message)
    {
        int length;
        try
        {
            length = StrictUtf8.GetBytes(json, buffer);
        }
        catch (EncoderFallbackException e)
        {
            throw new InvalidJsonException($"The JSON text has an unpaired surrogate at character {e.Index}.", e);
        }

        Read(buffer.AsSpan(0, length), message);
    }

    private void Read(ReadOnlySpan<byte> json, IMessage message)
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
            throw Invalid(e);
        }
        catch (JsonMismatchException e)
        {
            throw Refused(e, json, reader.TokenStartIndex);
        }
    }

    public void ReadMessage(ref Utf8JsonReader reader, IMessage message)
    {
        JsonType type = JsonType.Of(message.Descriptor);
        if (type.WellKnownType == WellKnownTypeKind.Value)
        {
            // A value adds no level of its own: the struct or list in it does.
            WellKnown.Read(ref reader, message, type);
            return;
        }

        Enter();
        if (type.WellKnownType != WellKnownTypeKind.None)
        {
            WellKnown.Read(ref reader, message, type);
        }
        else
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw NotAnObject(type, reader.TokenType);
            }

            ReadFields(ref reader, message, type, isInAny: false);
        }

        Leave();
    }

    public void Enter()
    {
        // A raised limit may not fit the stack, nor the default one a small stack.
        if (++_depth > Settings.RecursionLimit || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw TooDeep();
        }
    }

    public void Leave() => _depth--;

    /// <summary>Reads the members of an object as fields; in an <c>Any</c> it passes over the one that names the type.</summary>
    public void ReadFields(ref Utf8JsonReader reader, IMessage message, JsonType type, bool isInAny)
    {
        SeenFields seen = new(type.Fields.Length, type.OneofCount);
        bool hasType = false;
        int expected = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (isInAny && JsonScalarReader.IsNamed(ref reader, AnyTypeIndex.Member))
            {
                AnyTypeIndex.CheckOnce(ref hasType);
                reader.Read();
                reader.Skip();
                continue;
            }

            JsonField? field = FindField(ref reader, type, expected, out string name);
            if (field is null)
            {
                if (!Settings.IgnoreUnknownFields)
                {
                    throw NoSuchField(type, name);
                }

                reader.Read();
                reader.Skip();
                continue;
            }

            expected = field.Position + 1;
            Path.Push(name);
            if (!seen.AddField(field.Descriptor))
            {
                throw GivenTwice(type, field);
            }

            reader.Read();
            if (reader.TokenType == JsonTokenType.Null && (field.IsRepeated || !field.AcceptsNull))
            {
                // Null means an unset field, but for the two types of which null is a value.
                if (!field.IsExtension)
                {
                    message.ClearField(field.Number);
                }
            }
            else
            {
                if (field.OneofIndex >= 0 && !seen.AddOneof(field.Descriptor))
                {
                    throw GivenTwoFields(type, field.Descriptor.ContainingOneof!);
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

    /// <summary>Finds the field of a member; writers keep the order of the fields, so that the one behind the last is looked at first.</summary>
    private JsonField? FindField(ref Utf8JsonReader reader, JsonType type, int expected, out string name)
    {
        if (JsonScalarReader.TryGetPlain(ref reader, out ReadOnlySpan<byte> utf8))
        {
            if (expected < type.Fields.Length && utf8.SequenceEqual(type.Fields[expected].Name.Utf8))
            {
                name = type.Fields[expected].Name.Text;
                return type.Fields[expected];
            }

            if (type.FindField(utf8, out JsonName? found) is { } other)
            {
                name = found!.Text;
                return other;
            }
        }

        name = JsonScalarReader.ReadString(ref reader);
        return type.FindField(Encoding.UTF8.GetBytes(name), out _) is { } escaped ? escaped
            : !name.StartsWith('[') || !name.EndsWith(']') ? null
            : Settings.TypeRegistry.FindExtension(type.Descriptor, name[1..^1]) is { } extension ? JsonField.OfExtension(extension)
            : null;
    }

    private void ReadField(ref Utf8JsonReader reader, IMessage message, JsonField field)
    {
        if (field.IsMap)
        {
            ReadMap(ref reader, message, field, (IUntypedMap)message.GetField(field.Number)!);
        }
        else if (field.IsRepeated)
        {
            ReadList(ref reader, message, field, (IList)message.GetField(field.Number)!);
        }
        else if (field.IsScalar)
        {
            if (_scalars.TryReadBits(ref reader, field, out ulong bits))
            {
                message.SetScalar(field.Number, bits);
            }
        }
        else if (field.Kind == JsonKind.Message)
        {
            // What is there already is merged with.
            IMessage? existing = message.HasField(field.Number) ? message.GetField(field.Number) as IMessage : null;
            IMessage value = existing ?? MessageFactory.CreateInside(message, field.Type.Descriptor);
            ReadMessage(ref reader, value);
            message.SetField(field.Number, value);
        }
        else if (TryReadObject(ref reader, message, field, out object? value))
        {
            message.SetField(field.Number, value);
        }
    }

    private void ReadExtension(ref Utf8JsonReader reader, IExtendable message, JsonField field)
    {
        IExtensionSet extensions = message.GetOrCreateExtensions();
        Extension extension = field.Descriptor.ExtensionOf(message);
        if (field.IsRepeated)
        {
            ReadList(ref reader, message, field, extensions.GetOrCreateList(extension));
        }
        else if (field.Kind == JsonKind.Message)
        {
            IMessage? existing = extensions.Has(extension) ? extensions.Get(extension) as IMessage : null;
            IMessage value = existing ?? MessageFactory.CreateInside(message, field.Type.Descriptor);
            ReadMessage(ref reader, value);
            extensions.Set(extension, value);
        }
        else if (TryReadObject(ref reader, message, field, out object? value))
        {
            extensions.Set(extension, value!);
        }
    }

    private void ReadList(ref Utf8JsonReader reader, IMessage message, JsonField field, IList list)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw NotAnArray(field, reader.TokenType);
        }

        IScalarList? scalars = field.IsScalar ? (IScalarList)list : null;
        for (int i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
        {
            if (scalars is not null && JsonScalarReader.TryReadPlain(ref reader, field, out ulong plain))
            {
                scalars.AddBits(plain);
                continue;
            }

            Path.PushIndex(i);
            RefuseNull(ref reader, field, "An element of a repeated field");
            if (scalars is not null)
            {
                if (_scalars.TryReadBits(ref reader, field, out ulong bits))
                {
                    scalars.AddBits(bits);
                }
            }
            else if (TryReadObject(ref reader, message, field, out object? value))
            {
                list.Add(value);
            }

            Path.Pop();
        }
    }

    private void ReadMap(ref Utf8JsonReader reader, IMessage message, JsonField field, IUntypedMap map)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw NotAnObject(field, reader.TokenType);
        }

        MapKeys keys = new(map);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            ReadMapEntry(ref reader, message, field, ref keys);
        }
    }

    private void ReadMapEntry(ref Utf8JsonReader reader, IMessage message, JsonField field, ref MapKeys keys)
    {
        JsonField valueField = field.Value;
        if (JsonScalarReader.TryReadPlainKey(ref reader, field.Key, out ReadOnlySpan<byte> text, out UntypedValue key))
        {
            reader.Read();
            if (valueField.IsScalar && JsonScalarReader.TryReadPlain(ref reader, valueField, out ulong plain)
                && keys.TryAdd(key, new UntypedValue(plain, null)))
            {
                return;
            }

            Path.Push(key.Object as string ?? Encoding.UTF8.GetString(text));
        }
        else
        {
            string name = JsonScalarReader.ReadString(ref reader);
            Path.Push(name);
            key = JsonScalarReader.ReadMapKey(name, field.Key.Descriptor);
            reader.Read();
        }

        RefuseNull(ref reader, valueField, "The value of a map entry");
        ulong bits = 0;
        object? value = null;
        bool isKnown = valueField.IsScalar
            ? _scalars.TryReadBits(ref reader, valueField, out bits)
            : TryReadObject(ref reader, message, valueField, out value);
        if (isKnown ? !keys.TryAdd(key, new UntypedValue(bits, value)) : !keys.TryPassOver(key))
        {
            throw KeyGivenTwice(field);
        }

        Path.Pop();
    }

    private static void RefuseNull(ref Utf8JsonReader reader, JsonField field, string what)
    {
        if (reader.TokenType == JsonTokenType.Null && !field.AcceptsNull)
        {
            throw new JsonMismatchException(what + " cannot be null.");
        }
    }

    /// <summary>Reads a value as an object, a new one for a message; false for an unknown enum value that is to be ignored.</summary>
    private bool TryReadObject(ref Utf8JsonReader reader, IMessage container, JsonField field, out object? value)
    {
        switch (field.Kind)
        {
            case JsonKind.Message:
                IMessage message = MessageFactory.CreateInside(container, field.Type.Descriptor);
                ReadMessage(ref reader, message);
                value = message;
                return true;
            case JsonKind.String:
                value = JsonScalarReader.RequireString(ref reader, "a string");
                return true;
            case JsonKind.Wrapper:
                // A message holds a wrapper as its bare value.
                return _scalars.TryRead(ref reader, field.Wrapped.Descriptor, out value);
            default:
                return _scalars.TryRead(ref reader, field.Descriptor, out value);
        }
    }
}
