// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers.Text;
using System.Collections;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Peregrine.Protobuf.Collections;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf.Json;

/// <summary>
/// Writes one message after the other to a JSON writer: fields, collections and scalars; well-known types go to
/// <see cref="WellKnownJsonWriter"/>.
/// </summary>
internal sealed class JsonMessageWriter : IMapVisitor
{
    // Numbers of a list are gathered in pieces of this size.
    private const int PieceLength = 512;

    private WellKnownJsonWriter? _wellKnown;
    private int _depth;

    // Whether the writer escapes as the names made ready beforehand are escaped, and takes pieces of JSON as they are.
    private readonly bool _takesEncodedNames;
    private readonly bool _takesRawValues;

    public JsonMessageWriter(Utf8JsonWriter writer, JsonFormatter.Settings settings, bool diagnostic)
    {
        Writer = writer;
        JsonWriterOptions options = writer.Options;
        _takesEncodedNames = ReferenceEquals(options.Encoder, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
        _takesRawValues = !options.Indented;
        Settings = settings;
        IsDiagnostic = diagnostic;
    }

    public Utf8JsonWriter Writer { get; }

    public JsonFormatter.Settings Settings { get; private set; }

    /// <summary>True when what has no JSON form is written in a readable way instead of refused.</summary>
    public bool IsDiagnostic { get; private set; }

    private WellKnownJsonWriter WellKnown => _wellKnown ??= new WellKnownJsonWriter(this);

    /// <summary>Gets ready for another message, whatever became of the last.</summary>
    public void Begin(JsonFormatter.Settings settings, bool diagnostic)
    {
        Settings = settings;
        IsDiagnostic = diagnostic;
        _depth = 0;
    }

    public void WriteMessage(IMessage message) => WriteMessage(message, JsonType.Of(message.Descriptor));

    public void WriteMessage(IMessage message, JsonType type)
    {
        if (type.WellKnownType == WellKnownTypeKind.Value)
        {
            // A value adds no level of its own: the struct or list in it does.
            WellKnown.Write(message, type);
            return;
        }

        if (!TryEnter(type.Descriptor, inObject: false))
        {
            return;
        }

        if (type.WellKnownType != WellKnownTypeKind.None)
        {
            WellKnown.Write(message, type);
        }
        else
        {
            Writer.WriteStartObject();
            WriteFields(message, type);
            Writer.WriteEndObject();
        }

        Leave();
    }

    /// <summary>Counts a level of nesting; false when there are too many and a diagnostic text says so instead.</summary>
    public bool TryEnter(MessageDescriptor descriptor, bool inObject)
    {
        if (_depth < JsonFormatter.MaxDepth && RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            _depth++;
            return true;
        }

        Refuse(descriptor, _depth < JsonFormatter.MaxDepth
            ? $"it is nested {_depth} deep, for which the stack of this thread is too small"
            : $"it is nested more than {JsonFormatter.MaxDepth} deep");
        if (inObject)
        {
            Writer.WritePropertyName("@warning");
        }

        Writer.WriteStringValue("...");
        return false;
    }

    public void Leave() => _depth--;

    /// <summary>Throws unless this is diagnostic output.</summary>
    public void Refuse(MessageDescriptor descriptor, string reason)
    {
        if (!IsDiagnostic)
        {
            throw new InvalidOperationException($"A {descriptor.FullName} has no JSON form: {reason}.");
        }
    }

    public void WriteFields(IMessage message, JsonType type)
    {
        foreach (JsonField field in type.Fields)
        {
            if (field.IsRepeated)
            {
                WriteRepeatedField(message, field);
            }
            else if (field.IsScalar)
            {
                if (message.TryGetScalar(field.Number, out ulong bits) || ShowsDefault(field))
                {
                    WriteName(field);
                    WriteScalar(field, bits);
                }
            }
            else if (field.HasPresence ? message.HasField(field.Number) : Settings.FormatDefaultValues || message.HasField(field.Number))
            {
                WriteName(field);
                WriteObject(field, message.GetField(field.Number));
            }
        }

        if (message is IExtendable { Extensions: { } extensions })
        {
            WriteExtensions(type.Descriptor, extensions);
        }
    }

    /// <summary>Writes the value of a singular field, or its default.</summary>
    public void WriteValue(IMessage message, JsonField field)
    {
        if (field.IsScalar)
        {
            message.TryGetScalar(field.Number, out ulong bits);
            WriteScalar(field, bits);
        }
        else
        {
            WriteObject(field, message.GetField(field.Number));
        }
    }

    /// <summary>Writes a number, a bool or an enum.</summary>
    public void WriteScalar(JsonField field, ulong bits)
    {
        switch (field.Kind)
        {
            case JsonKind.Int32:
                Writer.WriteNumberValue(FieldAccess.ToInt32(bits));
                break;
            case JsonKind.UInt32:
                Writer.WriteNumberValue(FieldAccess.ToUInt32(bits));
                break;
            case JsonKind.Bool:
                Writer.WriteBooleanValue(FieldAccess.ToBoolean(bits));
                break;
            case JsonKind.Enum:
                WriteEnum(field.Enum, FieldAccess.ToInt32(bits));
                break;
            default:
                WriteNumber(field.Kind, bits);
                break;
        }
    }

    public void WriteString(string text)
    {
        // Utf8JsonWriter would turn an unpaired surrogate into U+FFFD: another text. Diagnostic output may do that.
        if (!IsDiagnostic && !JsonText.IsWellFormed(text))
        {
            throw new InvalidOperationException("Text with an unpaired surrogate has no JSON form.");
        }

        Writer.WriteStringValue(text);
    }

    /// <summary>Writes a number in the text of <see cref="JsonNumberText"/>, which may be in quotes.</summary>
    public void WriteNumber(JsonKind kind, ulong bits)
    {
        Span<byte> text = stackalloc byte[JsonNumberText.MaxLength];
        text = text[..JsonNumberText.Format(kind, bits, text)];
        if (_takesRawValues)
        {
            Writer.WriteRawValue(text, skipInputValidation: true);
            return;
        }

        // The one way to have a value that was put into words put on a line of its own.
        Utf8JsonReader reader = new(text);
        JsonElement.ParseValue(ref reader).WriteTo(Writer);
    }

    public void WriteName(string name)
    {
        if (!IsDiagnostic && !JsonText.IsWellFormed(name))
        {
            throw new InvalidOperationException("A map key with an unpaired surrogate has no JSON form.");
        }

        Writer.WritePropertyName(name);
    }

    void IMapVisitor.VisitEntry(object state, UntypedValue key, UntypedValue value)
    {
        var map = (JsonField)state;
        WriteKey(map.Key, key);
        if (map.Value.IsScalar)
        {
            WriteScalar(map.Value, value.Bits);
        }
        else
        {
            WriteObject(map.Value, value.Object);
        }
    }

    /// <summary>Whether a field that is not set is written all the same.</summary>
    private bool ShowsDefault(JsonField field) => Settings.FormatDefaultValues && !field.HasPresence;

    private void WriteName(JsonField field) => WriteName(Settings.PreserveProtoFieldNames ? field.DeclaredName : field.Name);

    private void WriteName(JsonName name)
    {
        if (_takesEncodedNames && name.IsWellFormed)
        {
            Writer.WritePropertyName(name.Encoded);
        }
        else
        {
            WriteName(name.Text);
        }
    }

    private void WriteEnum(JsonEnum type, int number)
    {
        if (type.IsNull)
        {
            Writer.WriteNullValue();
        }
        else if (Settings.FormatEnumsAsIntegers || type.FindName(number) is not { } name)
        {
            Writer.WriteNumberValue(number);
        }
        else if (_takesEncodedNames && name.IsWellFormed)
        {
            Writer.WriteStringValue(name.Encoded);
        }
        else
        {
            Writer.WriteStringValue(name.Text);
        }
    }

    /// <summary>Writes a singular value that is no scalar, or one that is boxed.</summary>
    private void WriteObject(JsonField field, object? value)
    {
        switch (field.Kind)
        {
            case JsonKind.String:
                WriteString((string)value!);
                break;
            case JsonKind.Bytes:
                Writer.WriteBase64StringValue(((ByteString)value!).Span);
                break;
            case JsonKind.Message or JsonKind.Wrapper:
                WriteMessageValue(field, value);
                break;
            default:
                WriteScalar(field, FieldAccess.TryUnboxBits(value, out ulong bits) ? bits : throw NotAScalar(field, value));
                break;
        }
    }

    private static InvalidCastException NotAScalar(JsonField field, object? value) =>
        new($"The value of {field.Descriptor.FullName} is a {value?.GetType()}.");

    private void WriteMessageValue(JsonField field, object? value)
    {
        switch (value)
        {
            case IMessage message:
                WriteMessage(message, field.Type);
                break;
            case null:
                Writer.WriteNullValue();
                break;
            default:
                // A message holds a wrapper (google.protobuf.Int32Value ...) as its bare value.
                WriteObject(field.Wrapped, value);
                break;
        }
    }

    private void WriteRepeatedField(IMessage message, JsonField field)
    {
        if (message.HasField(field.Number))
        {
            WriteName(field);
            WriteCollection(field, message.GetField(field.Number)!);
        }
        else if (ShowsDefault(field))
        {
            WriteName(field);
            WriteEmpty(field);
        }
    }

    private void WriteEmpty(JsonField field)
    {
        if (field.IsMap)
        {
            Writer.WriteStartObject();
            Writer.WriteEndObject();
        }
        else
        {
            Writer.WriteStartArray();
            Writer.WriteEndArray();
        }
    }

    private void WriteCollection(JsonField field, object collection)
    {
        if (field.IsMap)
        {
            Writer.WriteStartObject();
            ((IUntypedMap)collection).Visit(this, field);
            Writer.WriteEndObject();
            return;
        }

        Writer.WriteStartArray();
        if (field.IsScalar)
        {
            WriteScalars(field, (IScalarList)collection);
        }
        else
        {
            var list = (IList)collection;
            for (int i = 0; i < list.Count; i++)
            {
                WriteObject(field, list[i]);
            }
        }

        Writer.WriteEndArray();
    }

    private void WriteScalars(JsonField field, IScalarList list)
    {
        if (field.Kind == JsonKind.Enum || !_takesRawValues)
        {
            for (int i = 0; i < list.Count; i++)
            {
                WriteScalar(field, list.GetBits(i));
            }

            return;
        }

        // The writer is handed many numbers at once: it takes them for one value, and puts the commas between pieces.
        Span<byte> piece = stackalloc byte[PieceLength];
        int used = 0;
        for (int i = 0; i < list.Count; i++)
        {
            if (used > PieceLength - JsonNumberText.MaxLength - 1)
            {
                Writer.WriteRawValue(piece[..used], skipInputValidation: true);
                used = 0;
            }

            if (used > 0)
            {
                piece[used++] = (byte)',';
            }

            used += JsonNumberText.Format(field.Kind, list.GetBits(i), piece[used..]);
        }

        if (used > 0)
        {
            Writer.WriteRawValue(piece[..used], skipInputValidation: true);
        }
    }

    private void WriteKey(JsonField keyField, UntypedValue key)
    {
        switch (keyField.Kind)
        {
            case JsonKind.String:
                WriteName((string)key.Object!);
                return;
            case JsonKind.Bool:
                Writer.WritePropertyName(key.Bits != 0 ? "true"u8 : "false"u8);
                return;
        }

        Span<byte> text = stackalloc byte[JsonNumberText.MaxLength];
        int length;
        if (keyField.Kind is JsonKind.UInt32 or JsonKind.UInt64)
        {
            Utf8Formatter.TryFormat(key.Bits, text, out length);
        }
        else
        {
            Utf8Formatter.TryFormat(FieldAccess.ToInt64(key.Bits), text, out length);
        }

        Writer.WritePropertyName(text[..length]);
    }

    private void WriteExtensions(MessageDescriptor descriptor, IExtensionSet extensions)
    {
        foreach ((Extension extension, object value) in extensions.Values)
        {
            FieldDescriptor? field = Settings.TypeRegistry.FindExtension(descriptor, extension.FieldNumber);
            if (field is null || (field.IsRepeated && value is not IList { Count: > 0 }))
            {
                continue;
            }

            JsonField form = JsonField.OfExtension(field);
            WriteName(form.Name);
            if (form.IsRepeated)
            {
                WriteCollection(form, value);
            }
            else
            {
                WriteObject(form, value);
            }
        }
    }
}
