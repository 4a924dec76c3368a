// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.Text;
using System.Text.Json;
using Peregrine.Protobuf.Wire;

namespace Peregrine.Protobuf.Json;

/// <summary>
/// Makes strings of messages, on one line each. Each thread keeps one, so that a small message costs no memory but its string; whoever
/// takes it has it alone until it is put back.
/// </summary>
internal sealed class JsonOutput
{
    [ThreadStatic]
    private static JsonOutput? _kept;

    private readonly CompactJsonSink _sink = new();
    private readonly JsonMessageWriter _messages;

    private JsonOutput(JsonFormatter.Settings settings) => _messages = new JsonMessageWriter(_sink, settings, diagnostic: false);

    /// <summary>Writes a message; one that has no JSON form is an <see cref="InvalidOperationException"/>.</summary>
    public static string Format(IMessage message, JsonWriterOptions options, JsonFormatter.Settings settings, bool diagnostic)
    {
        if (options.Indented)
        {
            return FormatIndented(message, options, settings, diagnostic);
        }

        // Taken out: formatting may call user code, which may format.
        ref JsonOutput? kept = ref _kept;
        JsonOutput output = kept ?? new JsonOutput(settings);
        kept = null;
        try
        {
            return output.Format(message, settings, diagnostic);
        }
        finally
        {
            output._sink.Clear();
            kept = output;
        }
    }

    private static string FormatIndented(IMessage message, JsonWriterOptions options, JsonFormatter.Settings settings, bool diagnostic)
    {
        ArrayBufferWriter<byte> buffer = new();
        using Utf8JsonWriter writer = new(buffer, options);
        new JsonMessageWriter(new Utf8JsonSink(writer), settings, diagnostic).WriteMessage(message);
        writer.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private string Format(IMessage message, JsonFormatter.Settings settings, bool diagnostic)
    {
        _messages.Begin(settings, diagnostic);
        _messages.WriteMessage(message);
        ReadOnlySpan<byte> json = _sink.Written;
        return json is [(byte)'{', (byte)'}'] ? "{}" : AsciiText.TryDecode(json) ?? Encoding.UTF8.GetString(json);
    }
}
