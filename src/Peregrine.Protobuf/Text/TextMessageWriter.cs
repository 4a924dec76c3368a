// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Peregrine.Protobuf.Literals;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf.Text;

/// <summary>Writes one message: fields by number, extensions among them, then what the message type does not know.</summary>
internal sealed class TextMessageWriter(IBufferWriter<byte> output, TextFormatter.Settings settings)
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly TextLayout _layout = new(output, settings.SingleLine);

    /// <summary>Writes the message at the root.</summary>
    public void Write(IMessage message)
    {
        WriteContent(message);
        _layout.Finish();
    }

    private void WriteContent(IMessage message)
    {
        MessageDescriptor descriptor = message.Descriptor;
        if (descriptor.WellKnownType == WellKnownTypeKind.Any && settings.ExpandAny && TryExpand(message))
        {
            return;
        }

        IEnumerator<(FieldDescriptor Field, object Value)>? extensions =
            message is IExtendable { Extensions: { } set } ? KnownExtensions(descriptor, set).GetEnumerator() : null;
        bool hasExtension = extensions?.MoveNext() ?? false;
        foreach (FieldDescriptor field in descriptor.Fields.ByNumber)
        {
            for (; hasExtension && extensions!.Current.Field.FieldNumber < field.FieldNumber; hasExtension = extensions.MoveNext())
            {
                WriteField(extensions.Current.Field, extensions.Current.Value);
            }

            if (message.HasField(field.FieldNumber))
            {
                WriteField(field, message.GetField(field.FieldNumber)!);
            }
        }

        for (; hasExtension; hasExtension = extensions!.MoveNext())
        {
            WriteField(extensions!.Current.Field, extensions.Current.Value);
        }

        if (settings.FormatUnknownFields && message.UnknownFields is { } unknown)
        {
            UnknownFieldText.Write(_layout, unknown.Encoded.Span);
        }
    }

    private IEnumerable<(FieldDescriptor Field, object Value)> KnownExtensions(MessageDescriptor descriptor, IExtensionSet extensions)
    {
        foreach ((Extension extension, object value) in extensions.Values)
        {
            if (settings.TypeRegistry.FindExtension(descriptor, extension.FieldNumber) is { } field)
            {
                yield return (field, value);
            }
        }
    }

    private void WriteField(FieldDescriptor field, object value)
    {
        string name = TextNames.Of(field);
        if (field.IsMap)
        {
            WriteMap(name, field, (IDictionary)value);
        }
        else if (field.IsRepeated)
        {
            foreach (object? element in (IList)value)
            {
                WriteValue(name, field, element!);
            }
        }
        else
        {
            WriteValue(name, field, value);
        }
    }

    private void WriteMap(string name, FieldDescriptor field, IDictionary map)
    {
        FieldDescriptor keyField = field.MessageType.Fields[WellKnownFields.MapKey];
        FieldDescriptor valueField = field.MessageType.Fields[WellKnownFields.MapValue];
        var entries = new (object Key, object Value)[map.Count];
        int count = 0;
        foreach (DictionaryEntry entry in map)
        {
            entries[count++] = (entry.Key, entry.Value!);
        }

        Array.Sort(entries, static (a, b) => a.Key is string left ? CompareUtf8(left, (string)b.Key) : Comparer.DefaultInvariant.Compare(a.Key, b.Key));
        foreach ((object key, object value) in entries)
        {
            _layout.Open(name);
            WriteValue(keyField.Name, keyField, key);
            WriteValue(valueField.Name, valueField, value);
            _layout.Close();
        }
    }

    /// <summary>Compares as bytes of UTF-8: unlike in UTF-16, characters beyond U+FFFF come last.</summary>
    private static int CompareUtf8(string left, string right)
    {
        int common = left.AsSpan().CommonPrefixLength(right);
        if (common == left.Length || common == right.Length)
        {
            return left.Length.CompareTo(right.Length);
        }

        char a = left[common];
        char b = right[common];
        return char.IsSurrogate(a) == char.IsSurrogate(b) ? a.CompareTo(b) : char.IsSurrogate(a) ? 1 : -1;
    }

    private void WriteValue(string name, FieldDescriptor field, object value)
    {
        if (!field.IsMessageKind)
        {
            _layout.Scalar(name, ScalarText(field, value));
            return;
        }

        _layout.Open(name);
        if (value is IMessage message)
        {
            WriteContent(message);
        }
        else
        {
            // A message holds a wrapper (google.protobuf.Int32Value ...) as its bare value; it has no presence.
            FieldDescriptor wrapped = field.MessageType.Fields[WellKnownFields.WrapperValue];
            if (!IsDefault(wrapped, value))
            {
                WriteValue(wrapped.Name, wrapped, value);
            }
        }

        _layout.Close();
    }

    private static bool IsDefault(FieldDescriptor field, object value) => value switch
    {
        // A negative zero is not the default: it has other bits.
        double number => BitConverter.DoubleToInt64Bits(number) == 0,
        float number => BitConverter.SingleToInt32Bits(number) == 0,
        _ => value.Equals(field.DefaultValue),
    };

    private string ScalarText(FieldDescriptor field, object value) => field.FieldType switch
    {
        FieldType.String => Quote((string)value),
        FieldType.Bytes => $"\"{TextLiterals.Escape(((ByteString)value).Span)}\"",
        FieldType.Bool => (bool)value ? "true" : "false",
        FieldType.Float => TextLiterals.FormatFloat((float)value),
        FieldType.Double => TextLiterals.FormatDouble((double)value),
        FieldType.Enum => field.EnumType.FindValueByNumber((int)value)?.Name ?? ((int)value).ToString(CultureInfo.InvariantCulture),
        _ => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
    };

    private string Quote(string text)
    {
        byte[] bytes;
        try
        {
            bytes = StrictUtf8.GetBytes(text);
        }
        catch (EncoderFallbackException e)
        {
            throw new InvalidOperationException("Text with an unpaired surrogate has no text form.", e);
        }

        if (settings.EscapeNonAscii)
        {
            return $"\"{TextLiterals.Escape(bytes)}\"";
        }

        StringBuilder quoted = new("\"");
        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty)
        {
            int plain = rest.IndexOfAnyInRange('\u0080', '\uFFFF');
            ReadOnlySpan<char> ascii = plain < 0 ? rest : rest[..plain];
            quoted.Append(TextLiterals.Escape(Encoding.ASCII.GetBytes(ascii.ToString())));
            rest = rest[ascii.Length..];
            int other = rest.IndexOfAnyInRange('\0', '\u007F');
            other = other < 0 ? rest.Length : other;
            quoted.Append(rest[..other]);
            rest = rest[other..];
        }

        return quoted.Append('"').ToString();
    }

    private bool TryExpand(IMessage message)
    {
        string url = (string)message.GetField(WellKnownFields.AnyTypeUrl)!;
        if (!TextNames.IsTypeUrl(url) || settings.TypeRegistry.Find(TypeUrl.TypeNameOf(url).ToString()) is not { } type)
        {
            return false;
        }

        IMessage content;
        try
        {
            content = MessageFactory.CreateInside(message, type);
            content.MergeFrom((ByteString)message.GetField(WellKnownFields.AnyValue)!);
        }
        catch (InvalidProtocolBufferException)
        {
            // Shown as it is, then: what the bytes are is for the reader of the text to find out.
            return false;
        }

        _layout.Open($"[{url}]");
        WriteContent(content);
        _layout.Close();
        return true;
    }
}
