// SPDX-License-Identifier: Apache-2.0
using System;
using System.Text;
using System.Text.Json;
using Peregrine.Protobuf.Wire;

namespace Peregrine.Protobuf.Json;

/// <summary>
/// Makes strings of messages, on one line each. Each thread keeps one, so that a small message costs no memory but its string; whoever
/// takes it has it alone until it is put back.
/// </summary>
internal sealed class JsonOutput : IDisposable
{
    [ThreadStatic]
    private static JsonOutput? _kept;

    private readonly JsonBuffer _buffer = new();
    private readonly Utf8JsonWriter _writer;
    private readonly JsonMessageWriter _messages;

    public JsonOutput(JsonWriterOptions options, JsonFormatter.Settings settings)
    {
        _writer = new Utf8JsonWriter(_buffer, options);
        _messages = new JsonMessageWriter(_writer, settings, diagnostic: false);
    }

    /// <summary>Writes a message; one that has no JSON form is an <see cref="InvalidOperationException"/>.</summary>
    public static string Format(IMessage message, JsonWriterOptions options, JsonFormatter.Settings settings, bool diagnostic)
    {
        if (options.Indented)
        {
            using JsonOutput once = new(options, settings);
            return once.Format(message, settings, diagnostic);
        }

        // Taken out: formatting may call user code, which may format.
        JsonOutput output = _kept ?? new JsonOutput(options, settings);
        _kept = null;
        try
        {
            return output.Format(message, settings, diagnostic);
        }
        finally
        {
            output.Clear();
            _kept = output;
        }
    }

    public void Dispose()
    {
        _writer.Dispose();
        _buffer.Clear();
    }

    private string Format(IMessage message, JsonFormatter.Settings settings, bool diagnostic)
    {
        _messages.Begin(settings, diagnostic);
        _messages.WriteMessage(message);
        _writer.Flush();
        ReadOnlySpan<byte> json = _buffer.Written;
        return json.SequenceEqual("{}"u8) ? "{}" : AsciiText.TryDecode(json) ?? Encoding.UTF8.GetString(json);
    }

    private void Clear()
    {
        _writer.Reset();
        _buffer.Clear();
    }
}
