// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading;
using Peregrine.Cli.Calls;
using Peregrine.Cli.Commands;
using Peregrine.Protobuf;

namespace Peregrine.Cli.Mock;

/// <summary>
/// Tells what a mock server does: lines for people, or with <c>--json</c> an object on each line, whose <c>event</c> says what it is. Thread-safe.
/// </summary>
internal sealed class ServeOutput(ServeSettings settings, Terminal terminal, TimeProvider time)
{
    private const string Good = "32";
    private const string Bad = "31;1";
    private const string Dim = "2";

    /// <summary>The server listens.</summary>
    /// <param name="state">What it serves.</param>
    /// <param name="addresses">Where, with the ports that the system chose.</param>
    public void Ready(MockState state, IReadOnlyList<string> addresses)
    {
        if (settings.Json)
        {
            Write("ready", json =>
            {
                WriteList(json, "addresses", addresses);
                json.WriteBoolean("tls", settings.Credentials is SslServerCredentials);
                WriteServices(json, state);
            });
            return;
        }

        foreach (var service in state.Services)
        {
            Line($"Serving {terminal.Paint(Terminal.Escape(service.FullName), "36")}: {string.Join(", ", service.Methods.Select(method => Terminal.Escape(method.Name)))}");
        }

        Line($"Listening on {string.Join(", ", addresses.Select(Terminal.Escape))} ({(settings.Credentials is SslServerCredentials ? "TLS" : "plaintext")}); {Rules(state)}. Ctrl-C stops.");
    }

    /// <summary>Files changed and were read again.</summary>
    public void Reloaded(MockState state)
    {
        if (settings.Json)
        {
            Write("reloaded", json => WriteServices(json, state));
        }
        else
        {
            Line($"Read again: {state.Services.Count} {(state.Services.Count == 1 ? "service" : "services")}, {Rules(state)}.");
        }
    }

    /// <summary>Files changed and have errors: what was known before goes on.</summary>
    public void Rejected(string message)
    {
        if (settings.Json)
        {
            Write("rejected", json => json.WriteString("message", message));
        }

        terminal.Error(message + "\nThe answers are as before.");
    }

    /// <summary>The server takes no new calls.</summary>
    public void Stopping()
    {
        if (settings.Json)
        {
            Write("stopping", _ => { });
        }
        else
        {
            Line("Stopping; running calls may end. Ctrl-C again ends them.");
        }
    }

    /// <summary>The server has stopped.</summary>
    /// <param name="calls">How many calls it had.</param>
    public void Stopped(long calls)
    {
        if (settings.Json)
        {
            Write("stopped", json => json.WriteNumber("calls", calls));
        }
        else
        {
            Line(string.Create(CultureInfo.InvariantCulture, $"Stopped after {calls} {(calls == 1 ? "call" : "calls")}."));
        }
    }

    /// <summary>A call began.</summary>
    public void Begin(CallRecord call, Metadata headers)
    {
        if (!settings.Verbose)
        {
            return;
        }

        if (settings.Json)
        {
            Write("begin", json =>
            {
                WriteCall(json, call);
                json.WriteStartObject("headers");
                foreach (var name in headers.GroupBy(header => header.Key))
                {
                    WriteList(json, name.Key, name.Select(CallOutput.Show));
                }

                json.WriteEndObject();
            });
            return;
        }

        Dimmed(call, $"{call.Method} from {call.Peer}");
        foreach (var header in headers)
        {
            Dimmed(call, $"> {CallOutput.Write(header)}");
        }
    }

    /// <summary>A request came.</summary>
    public void Request(CallRecord call, MockMethod method, DynamicMessage message)
    {
        if (settings.Verbose)
        {
            Message(call, "request", ">", JsonOf(method, message));
        }
    }

    /// <summary>A response was sent.</summary>
    public void Response(CallRecord call, MockMethod method, byte[] bytes)
    {
        if (!settings.Verbose)
        {
            return;
        }

        string shown;
        try
        {
            shown = JsonOf(method, DynamicMessage.ParserOf(method.Descriptor.OutputType).ParseFrom(bytes));
        }
        catch (InvalidProtocolBufferException)
        {
            // Spoiled on purpose.
            shown = $"{{\"@bytes\":\"{Convert.ToBase64String(bytes)}\"}}";
        }

        Message(call, "response", "<", shown);
    }

    /// <summary>A call ended.</summary>
    public void End(CallRecord call)
    {
        if (settings.IsQuiet)
        {
            return;
        }

        if (settings.Json)
        {
            Write("call", json =>
            {
                WriteCall(json, call);
                json.WriteString("peer", call.Peer);
                json.WriteStartObject("status");
                json.WriteNumber("code", (int)call.Status.StatusCode);
                json.WriteString("name", StatusNames.Of(call.Status.StatusCode));
                json.WriteString("message", call.Status.Detail);
                json.WriteEndObject();
                json.WriteNumber("requests", call.Requests);
                json.WriteNumber("responses", call.Responses);
                json.WriteNumber("milliseconds", Math.Round(call.Duration.TotalMilliseconds, 3));
                WriteList(json, "rules", call.Rules);
                if (call.Fault is { } fault)
                {
                    json.WriteString("fault", NameOf(fault));
                }
            });
            return;
        }

        var name = StatusNames.Of(call.Status.StatusCode);
        var rules = call.Rules.Count > 0 ? ", " + Terminal.Escape(string.Join(" ", call.Rules)) : "";
        var counts = string.Create(CultureInfo.InvariantCulture, $"{call.Requests} in, {call.Responses} out, {call.Duration.TotalMilliseconds:0.0} ms");
        var detail = call.Status.StatusCode == StatusCode.OK || call.Status.Detail.Length == 0 ? "" : $": {Terminal.Escape(call.Status.Detail)}";
        Line($"{Clock()} {Terminal.Escape(call.Method)} {terminal.Paint(name, call.Status.StatusCode == StatusCode.OK ? Good : Bad)} "
            + terminal.Paint($"({counts}{rules}{(call.Fault is { } put ? $", {NameOf(put)}" : "")})", Dim) + detail);
    }

    private void Message(CallRecord call, string @event, string mark, string message)
    {
        if (settings.Json)
        {
            Write(@event, json =>
            {
                WriteCall(json, call);
                json.WritePropertyName("message");

                // It was written here, and the check of what is raw goes 64 deep only.
                json.WriteRawValue(message, skipInputValidation: true);
            });
        }
        else
        {
            Line(terminal.Paint($"{Clock()} #{call.Id.ToString(CultureInfo.InvariantCulture)} {mark} {message}", Dim));
        }
    }

    private void Dimmed(CallRecord call, string text) =>
        Line(terminal.Paint($"{Clock()} #{call.Id.ToString(CultureInfo.InvariantCulture)} {Terminal.Escape(text)}", Dim));

    // A call does not fail because nobody reads any more what is told of it, as behind "| head".
    private void Line(string line)
    {
        try
        {
            terminal.Output.WriteLine(line);
            terminal.Output.Flush();
        }
        catch (IOException)
        {
        }
    }

    private void Write(string @event, Action<Utf8JsonWriter> members)
    {
        try
        {
            JsonLine.Write(terminal, json =>
            {
                json.WriteString("event", @event);
                json.WriteString("time", time.GetUtcNow());
                members(json);
            });
            terminal.Output.Flush();
        }
        catch (IOException)
        {
        }
    }

    private string Clock() => time.GetLocalNow().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);

    private static string JsonOf(MockMethod method, DynamicMessage message) => method.Types.Lines.JsonLineAsync(message, CancellationToken.None).GetAwaiter().GetResult();

    private static string Rules(MockState state) => state.RuleCount switch { 0 => "no rules", 1 => "1 rule", var count => $"{count} rules" };

    private static string NameOf(RuleFaultKind kind) => kind.ToString().ToLowerInvariant();

    private static void WriteCall(Utf8JsonWriter json, CallRecord call)
    {
        json.WriteNumber("call", call.Id);
        json.WriteString("method", call.Method);
    }

    private static void WriteServices(Utf8JsonWriter json, MockState state)
    {
        WriteList(json, "services", state.Services.Select(service => service.FullName));
        json.WriteNumber("rules", state.RuleCount);
    }

    private static void WriteList(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }
}
