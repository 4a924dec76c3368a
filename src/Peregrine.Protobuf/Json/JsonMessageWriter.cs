// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers.Text;
using System.Collections;
using System.Runtime.CompilerServices;
using Peregrine.Protobuf.Collections;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf.Json;

/// <summary>
/// Writes one message after the other to a JSON writer: fields, collections and scalars; well-known types go to
/// <see cref="WellKnownJsonWriter"/>.
/// </summary>
internal sealed class JsonMessageWriter : IMapVisitor
{
    private WellKnownJsonWriter? _wellKnown;
    private int _depth;

    public JsonMessageWriter(JsonSink sink, JsonFormatter.Settings settings, bool diagnostic)
    {
        Sink = sink;
        Settings = settings;
        IsDiagnostic = diagnostic;
    }

    public JsonSink Sink { get; }

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
            Sink.StartObject();
            WriteFields(message, type);
            Sink.EndObject();
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
            Sink.Name("@warning"u8);
        }

        Sink.Text("..."u8);
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
        if (field.Kind == JsonKind.Enum)
        {
            WriteEnum(field.Enum, FieldAccess.ToInt32(bits));
        }
        else
        {
            Sink.Number(field.Kind, bits);
        }
    }

    public void WriteString(string text)
    {
        if (Sink.TryPlainText(text))
        {
            return;
        }

        // An unpaired surrogate would become U+FFFD: another text. Diagnostic output may do that.
        if (!IsDiagnostic && !JsonText.IsWellFormed(text))
        {
            throw new InvalidOperationException("Text with an unpaired surrogate has no JSON form.");
        }

        Sink.Text(text);
    }

    public void WriteName(string name)
    {
        if (Sink.TryPlainName(name))
        {
            return;
        }

        if (!IsDiagnostic && !JsonText.IsWellFormed(name))
        {
            throw new InvalidOperationException("A map key with an unpaired surrogate has no JSON form.");
        }

        Sink.Name(name);
    }

    void IMapVisitor.VisitEntry(object state, in UntypedValue key, in UntypedValue value)
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
        if (name.IsWellFormed)
        {
            Sink.Name(name);
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
            Sink.Null();
        }
        else if (Settings.FormatEnumsAsIntegers || type.FindName(number) is not { } name)
        {
            Sink.Number(JsonKind.Int32, FieldAccess.ToBits(number));
        }
        else if (name.IsWellFormed)
        {
            Sink.Text(name);
        }
        else
        {
            Sink.Text(name.Text);
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
                Sink.Base64(((ByteString)value!).Span);
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
                Sink.Null();
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
            Sink.StartObject();
            Sink.EndObject();
        }
        else
        {
            Sink.StartArray();
            Sink.EndArray();
        }
    }

    private void WriteCollection(JsonField field, object collection)
    {
        if (field.IsMap)
        {
            Sink.StartObject();
            ((IUntypedMap)collection).Visit(this, field);
            Sink.EndObject();
            return;
        }

        Sink.StartArray();
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

        Sink.EndArray();
    }

    private void WriteScalars(JsonField field, IScalarList list)
    {
        if (field.Kind != JsonKind.Enum)
        {
            Sink.Numbers(field.Kind, list);
            return;
        }

        for (int i = 0; i < list.Count; i++)
        {
            WriteEnum(field.Enum, FieldAccess.ToInt32(list.GetBits(i)));
        }
    }

    private void WriteKey(JsonField keyField, in UntypedValue key)
    {
        switch (keyField.Kind)
        {
            case JsonKind.String:
                WriteName((string)key.Object!);
                return;
            case JsonKind.Bool:
                Sink.Name(key.Bits != 0 ? "true"u8 : "false"u8);
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

        Sink.Name(text[..length]);
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
