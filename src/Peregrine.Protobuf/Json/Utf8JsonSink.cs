// SPDX-License-Identifier: Apache-2.0
using System;
using System.Text.Encodings.Web;
using System.Text.Json;
using Peregrine.Protobuf.Collections;

namespace Peregrine.Protobuf.Json;

/// <summary>Writes to a <see cref="Utf8JsonWriter"/>, by its options: indented JSON, and values of larger documents.</summary>
internal sealed class Utf8JsonSink : JsonSink
{
    // Numbers of a list are gathered in pieces of this size.
    private const int PieceLength = 512;

    private readonly Utf8JsonWriter _writer;

    // Whether the writer escapes as the names made ready beforehand are escaped, and takes pieces of JSON as they are.
    private readonly bool _takesEncodedNames;
    private readonly bool _takesRawValues;

    public Utf8JsonSink(Utf8JsonWriter writer)
    {
        _writer = writer;
        JsonWriterOptions options = writer.Options;
        _takesEncodedNames = ReferenceEquals(options.Encoder, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
        _takesRawValues = !options.Indented;
    }

    public override void StartObject() => _writer.WriteStartObject();

    public override void EndObject() => _writer.WriteEndObject();

    public override void StartArray() => _writer.WriteStartArray();

    public override void EndArray() => _writer.WriteEndArray();

    public override void Name(JsonName name)
    {
        if (_takesEncodedNames)
        {
            _writer.WritePropertyName(name.Encoded);
        }
        else
        {
            _writer.WritePropertyName(name.Text);
        }
    }

    public override void Name(string name) => _writer.WritePropertyName(name);

    public override void Name(ReadOnlySpan<byte> name) => _writer.WritePropertyName(name);

    public override void Text(JsonName text)
    {
        if (_takesEncodedNames)
        {
            _writer.WriteStringValue(text.Encoded);
        }
        else
        {
            _writer.WriteStringValue(text.Text);
        }
    }

    public override void Text(string text) => _writer.WriteStringValue(text);

    public override void Text(ReadOnlySpan<byte> text) => _writer.WriteStringValue(text);

    public override void Base64(ReadOnlySpan<byte> bytes) => _writer.WriteBase64StringValue(bytes);

    public override void Number(JsonKind kind, ulong bits)
    {
        Span<byte> text = stackalloc byte[JsonNumberText.MaxLength];
        text = text[..JsonNumberText.Format(kind, bits, text)];
        if (_takesRawValues)
        {
            _writer.WriteRawValue(text, skipInputValidation: true);
            return;
        }

        // The one way to have a value that was put into words put on a line of its own.
        Utf8JsonReader reader = new(text);
        JsonElement.ParseValue(ref reader).WriteTo(_writer);
    }

    public override void Numbers(JsonKind kind, IScalarList list)
    {
        if (!_takesRawValues)
        {
            for (int i = 0; i < list.Count; i++)
            {
                Number(kind, list.GetBits(i));
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
                _writer.WriteRawValue(piece[..used], skipInputValidation: true);
                used = 0;
            }

            if (used > 0)
            {
                piece[used++] = (byte)',';
            }

            used += JsonNumberText.Format(kind, list.GetBits(i), piece[used..]);
        }

        if (used > 0)
        {
            _writer.WriteRawValue(piece[..used], skipInputValidation: true);
        }
    }

    public override void Null() => _writer.WriteNullValue();
}
