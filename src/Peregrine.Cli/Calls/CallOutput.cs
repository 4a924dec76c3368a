// SPDX-License-Identifier: Apache-2.0

using System;
using System.Buffers;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Cli.Schema;
using Peregrine.Protobuf;

namespace Peregrine.Cli.Calls;

/// <summary>
/// Shows what comes of a call. With <c>--json</c> each thing is a JSON object on a line: <c>{"message": ...}</c> for each response, and
/// <c>{"status": ..., "headers": ..., "trailers": ...}</c> at the end. Else responses go to standard output, all other to standard error.
/// </summary>
internal sealed class CallOutput(SchemaSource schema, CallSettings settings, Terminal terminal)
{
    private static readonly JsonWriterOptions LineOptions = new() { Encoder = JavaScriptEncoder.Default };

    private readonly MessageFormatter _formatter = new(schema, settings.Requests.Format, settings.EmitsDefaults) { WithoutJson = WarnOnce(terminal) };
    private Metadata _headers = [];

    /// <summary>A header as it is shown: bytes as base64, a secret not at all.</summary>
    public static string Write(Metadata.Entry header) => $"{header.Key}: {Show(header)}";

    /// <summary>The value of a header as it is shown.</summary>
    public static string Show(Metadata.Entry header) => header.IsSecret ? "***" : Value(header);

    /// <summary>Response headers came.</summary>
    public void Headers(Metadata headers)
    {
        _headers = headers;
        Note("<", headers);
    }

    /// <summary>A response came.</summary>
    public async Task MessageAsync(IMessage message, CancellationToken cancellationToken)
    {
        if (settings.Json)
        {
            await terminal.Output.WriteLineAsync($"{{\"message\":{await _formatter.JsonLineAsync(message, cancellationToken).ConfigureAwait(false)}}}").ConfigureAwait(false);
        }
        else
        {
            var text = await _formatter.FormatAsync(message, cancellationToken).ConfigureAwait(false);
            await terminal.Output.WriteLineAsync(terminal.UsesColor && settings.Requests.Format == MessageText.Json ? JsonColors.Paint(text) : text).ConfigureAwait(false);
        }

        await terminal.Output.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The call ended.</summary>
    /// <param name="status">Its status.</param>
    /// <param name="trailers">Its trailers.</param>
    /// <param name="hint">What may help, with a blank before it; or empty.</param>
    /// <param name="cancellationToken">Ends the search for types of details.</param>
    public async Task EndAsync(Status status, Metadata trailers, string hint, CancellationToken cancellationToken)
    {
        var details = trailers.GetRpcStatus(ignoreParseError: true)?.Details ?? [];
        if (settings.Json)
        {
            await WriteJsonAsync(status, trailers, hint, details, cancellationToken).ConfigureAwait(false);
            return;
        }

        Note("< trailer", trailers);
        if (status.StatusCode == StatusCode.OK)
        {
            return;
        }

        var code = string.Create(CultureInfo.InvariantCulture, $"{StatusNames.Of(status.StatusCode)} ({(int)status.StatusCode})");
        await terminal.Errors.WriteLineAsync($"{terminal.PaintError(code, "31;1")}: {Terminal.EscapeLines(status.Detail + hint)}").ConfigureAwait(false);
        foreach (var detail in details)
        {
            await terminal.Errors.WriteLineAsync("  " + terminal.PaintError(Terminal.Escape(AnyTypes.NameOf(detail.TypeUrl)), "36")).ConfigureAwait(false);
            var text = await _formatter.UnpackAsync(detail, cancellationToken).ConfigureAwait(false) is { } message
                ? await _formatter.FormatAsync(message, cancellationToken).ConfigureAwait(false)
                : $"(of a type that is not known) {Convert.ToBase64String(detail.Value.Span)}";
            foreach (var line in text.Split('\n'))
            {
                await terminal.Errors.WriteLineAsync("    " + line).ConfigureAwait(false);
            }
        }
    }

    private async Task WriteJsonAsync(
        Status status, Metadata trailers, string hint, IEnumerable<Protobuf.WellKnownTypes.Any> details, CancellationToken cancellationToken)
    {
        List<string> written = [];
        foreach (var detail in details)
        {
            var message = await _formatter.UnpackAsync(detail, cancellationToken).ConfigureAwait(false);
            var value = message is null ? $"\"{Convert.ToBase64String(detail.Value.Span)}\"" : await _formatter.JsonLineAsync(message, cancellationToken).ConfigureAwait(false);
            written.Add($"{{\"@type\":\"{JsonEncodedText.Encode(detail.TypeUrl)}\",\"{(message is null ? "bytes" : "value")}\":{value}}}");
        }

        var line = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(line, LineOptions))
        {
            json.WriteStartObject();
            json.WriteStartObject("status");
            json.WriteNumber("code", (int)status.StatusCode);
            json.WriteString("name", StatusNames.Of(status.StatusCode));
            json.WriteString("message", status.Detail);
            if (hint.Length > 0)
            {
                json.WriteString("hint", hint.Trim());
            }

            if (written.Count > 0)
            {
                json.WriteStartArray("details");
                written.ForEach(each => json.WriteRawValue(each));
                json.WriteEndArray();
            }

            json.WriteEndObject();
            Write(json, "headers", _headers);
            Write(json, "trailers", trailers);
            json.WriteEndObject();
        }

        await terminal.Output.WriteLineAsync(Encoding.UTF8.GetString(line.WrittenSpan)).ConfigureAwait(false);
    }

    private static void Write(Utf8JsonWriter json, string name, Metadata metadata)
    {
        json.WriteStartObject(name);
        foreach (var group in metadata.GroupBy(entry => entry.Key))
        {
            json.WriteStartArray(group.Key);
            foreach (var entry in group)
            {
                json.WriteStringValue(Value(entry));
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    // A stream may have many such messages.
    private static Action<JsonlessMessage> WarnOnce(Terminal terminal)
    {
        string? told = null;
        return message =>
        {
            if (told != message.Reason)
            {
                told = message.Reason;
                terminal.Warn($"{message.Reason} The message is shown in text format{(message.LacksType ? "; with the .proto file of that type (--proto) it has JSON" : "")}.");
            }
        };
    }

    private static string Value(Metadata.Entry header) => header.IsBinary ? Convert.ToBase64String(header.ValueBytes) : header.Value;

    private void Note(string mark, Metadata metadata)
    {
        if (settings.Verbose)
        {
            foreach (var header in metadata)
            {
                terminal.Note(mark, Write(header));
            }
        }
    }
}
