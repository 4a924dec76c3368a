// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf.Json;

/// <summary>Writes one message to a JSON writer: fields, collections and scalars; well-known types go to <see cref="WellKnownJsonWriter"/>.</summary>
internal sealed class JsonMessageWriter
{
    private readonly WellKnownJsonWriter _wellKnown;
    private int _depth;

    public JsonMessageWriter(Utf8JsonWriter writer, JsonFormatter.Settings settings, bool diagnostic)
    {
        Writer = writer;
        Settings = settings;
        IsDiagnostic = diagnostic;
        _wellKnown = new WellKnownJsonWriter(this);
    }

    public Utf8JsonWriter Writer { get; }

    public JsonFormatter.Settings Settings { get; }

    /// <summary>True when what has no JSON form is written in a readable way instead of refused.</summary>
    public bool IsDiagnostic { get; }

    public void WriteMessage(IMessage message)
    {
        MessageDescriptor descriptor = message.Descriptor;
        if (descriptor.WellKnownType == WellKnownTypeKind.Value)
        {
            // A value adds no level of its own: the struct or list in it does.
            _wellKnown.Write(message, descriptor);
            return;
        }

        if (!TryEnter(descriptor, inObject: false))
        {
            return;
        }

        if (descriptor.WellKnownType != WellKnownTypeKind.None)
        {
            _wellKnown.Write(message, descriptor);
        }
        else
        {
            Writer.WriteStartObject();
            WriteFields(message, descriptor);
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

    public void WriteFields(IMessage message, MessageDescriptor descriptor)
    {
        foreach (FieldDescriptor field in descriptor.Fields.ByNumber)
        {
            if (ShouldWrite(message, field))
            {
                WriteName(Settings.PreserveProtoFieldNames ? field.Name : field.JsonName);
                WriteFieldValue(field, message.GetField(field.FieldNumber));
            }
        }

        if (message is IExtendable { Extensions: { } extensions })
        {
            WriteExtensions(descriptor, extensions);
        }
    }

    public void WriteScalar(FieldDescriptor field, object? value)
    {
        switch (field.FieldType)
        {
            case FieldType.Message or FieldType.Group:
                WriteMessageValue(field.MessageType, value);
                break;
            case FieldType.String:
                WriteString((string)value!);
                break;
            case FieldType.Bytes:
                Writer.WriteBase64StringValue(((ByteString)value!).Span);
                break;
            case FieldType.Bool:
                Writer.WriteBooleanValue((bool)value!);
                break;
            case FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32:
                Writer.WriteNumberValue((int)value!);
                break;
            case FieldType.UInt32 or FieldType.Fixed32:
                Writer.WriteNumberValue((uint)value!);
                break;
            case FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64:
                WriteQuoted((long)value!);
                break;
            case FieldType.UInt64 or FieldType.Fixed64:
                WriteQuoted((ulong)value!);
                break;
            case FieldType.Float:
                WriteFloat((float)value!);
                break;
            case FieldType.Double:
                WriteDouble((double)value!);
                break;
            case FieldType.Enum:
                WriteEnum(field.EnumType, (int)value!);
                break;
        }
    }

    public void WriteString(string text)
    {
        // Utf8JsonWriter would turn an unpaired surrogate into U+FFFD: another text. Diagnostic output may do that.
        if (!IsDiagnostic && !IsWellFormed(text))
        {
            throw new InvalidOperationException("Text with an unpaired surrogate has no JSON form.");
        }

        Writer.WriteStringValue(text);
    }

    public void WriteQuoted(long value)
    {
        Span<byte> text = stackalloc byte[20];
        value.TryFormat(text, out int length, default, CultureInfo.InvariantCulture);
        Writer.WriteStringValue(text[..length]);
    }

    public void WriteName(string name)
    {
        if (!IsDiagnostic && !IsWellFormed(name))
        {
            throw new InvalidOperationException("A map key with an unpaired surrogate has no JSON form.");
        }

        Writer.WritePropertyName(name);
    }

    public void WriteDouble(double value)
    {
        if (double.IsFinite(value))
        {
            Writer.WriteNumberValue(value);
        }
        else
        {
            Writer.WriteStringValue(NonFinite(value));
        }
    }

    private static string NonFinite(double value) =>
        double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";

    private static bool IsWellFormed(string text)
    {
        int at = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF');
        if (at < 0)
        {
            return true;
        }

        for (int i = at; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]))
            {
                if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                {
                    return false;
                }

                i++;
            }
        }

        return true;
    }

    private bool ShouldWrite(IMessage message, FieldDescriptor field) =>
        message.HasField(field.FieldNumber) || (Settings.FormatDefaultValues && !field.HasPresence);

    private void WriteFloat(float value)
    {
        if (float.IsFinite(value))
        {
            Writer.WriteNumberValue(value);
        }
        else
        {
            Writer.WriteStringValue(NonFinite(value));
        }
    }

    private void WriteQuoted(ulong value)
    {
        Span<byte> text = stackalloc byte[20];
        value.TryFormat(text, out int length, default, CultureInfo.InvariantCulture);
        Writer.WriteStringValue(text[..length]);
    }

    private void WriteEnum(EnumDescriptor type, int number)
    {
        if (type.FullName == WellKnownTypeKinds.NullValueFullName)
        {
            Writer.WriteNullValue();
        }
        else if (!Settings.FormatEnumsAsIntegers && type.FindValueByNumber(number) is { } value)
        {
            Writer.WriteStringValue(value.Name);
        }
        else
        {
            Writer.WriteNumberValue(number);
        }
    }

    private void WriteFieldValue(FieldDescriptor field, object? value)
    {
        if (field.IsMap)
        {
            WriteMap(field, (IDictionary)value!);
        }
        else if (field.IsRepeated)
        {
            Writer.WriteStartArray();
            foreach (object? element in (IList)value!)
            {
                WriteScalar(field, element);
            }

            Writer.WriteEndArray();
        }
        else
        {
            WriteScalar(field, value);
        }
    }

    private void WriteMessageValue(MessageDescriptor type, object? value)
    {
        switch (value)
        {
            case IMessage message:
                WriteMessage(message);
                break;
            case null:
                Writer.WriteNullValue();
                break;
            default:
                // A message holds a wrapper (google.protobuf.Int32Value ...) as its bare value.
                WriteScalar(type.Fields[WellKnownFields.WrapperValue], value);
                break;
        }
    }

    private void WriteMap(FieldDescriptor field, IDictionary map)
    {
        FieldDescriptor keyField = field.MessageType.Fields[WellKnownFields.MapKey];
        FieldDescriptor valueField = field.MessageType.Fields[WellKnownFields.MapValue];
        Writer.WriteStartObject();
        foreach (DictionaryEntry entry in map)
        {
            WriteName(KeyText(keyField, entry.Key));
            WriteScalar(valueField, entry.Value);
        }

        Writer.WriteEndObject();
    }

    private static string KeyText(FieldDescriptor keyField, object key) => keyField.FieldType switch
    {
        FieldType.String => (string)key,
        FieldType.Bool => (bool)key ? "true" : "false",
        _ => Convert.ToString(key, CultureInfo.InvariantCulture)!,
    };

    private void WriteExtensions(MessageDescriptor descriptor, IExtensionSet extensions)
    {
        foreach ((Extension extension, object value) in extensions.Values)
        {
            FieldDescriptor? field = Settings.TypeRegistry.FindExtension(descriptor, extension.FieldNumber);
            if (field is not null && (!field.IsRepeated || value is IList { Count: > 0 }))
            {
                WriteName($"[{field.FullName}]");
                WriteFieldValue(field, value);
            }
        }
    }
}
