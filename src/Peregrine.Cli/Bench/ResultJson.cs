// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text.Json;
using Peregrine.Cli.Calls;
using Peregrine.Protobuf.Compiler.Sources;

namespace Peregrine.Cli.Bench;

/// <summary>
/// A result as JSON, for scripts and for later comparison. Latencies are in nanoseconds; <c>buckets</c> is the histogram: pairs of the
/// longest duration of a bucket and how many calls are in it, from which any percentile can be told.
/// </summary>
internal static class ResultJson
{
    private const string Format = "peregrine-bench-1";
    private const int MaxLength = 64 << 20;

    /// <summary>The text.</summary>
    public static string Write(RunResult result) => Terminal.EscapeJson(JsonText.Of(json =>
    {
        var total = result.Total;
        json.WriteStartObject();
        json.WriteString("format", Format);
        json.WriteString("started", result.Started);
        json.WriteString("address", result.Address);
        json.WriteString("method", result.Method);
        json.WriteStartObject("settings");
        foreach (var (name, value) in result.Settings)
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
        json.WriteString("machine", result.Machine);
        json.WriteNumber("seconds", result.Seconds);
        json.WriteBoolean("interrupted", result.IsInterrupted);
        json.WriteNumber("processorSeconds", result.ProcessorSeconds);
        json.WriteNumber("calls", total.Ended);
        json.WriteNumber("callsPerSecond", result.CallsPerSecond);
        json.WriteNumber("failed", total.Failures.Count);
        json.WriteNumber("unfinished", total.Unfinished);
        json.WriteNumber("connectionsEnded", total.EndedConnections);
        WriteMessages(json, "sent", result, total.SentMessages, total.SentBytes);
        WriteMessages(json, "received", result, total.ReceivedMessages, total.ReceivedBytes);
        WriteStatuses(json, result);
        WriteLatencies(json, "latency", total.Calls);
        WriteLatencies(json, "failureLatency", total.Failures);
        WriteLatencies(json, "messageLatency", total.Messages);
        WriteLatencies(json, "scheduleLag", result.Lag);
        WriteTimeline(json, result.Timeline);
        json.WriteEndObject();
    }));

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ToolException">It cannot be read, or is no result.</exception>
    public static RunResult Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(InputBytes.ReadFile(path, MaxLength));
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("format", out var format) || format.GetString() != Format)
            {
                throw new ToolException($"{path} is no result of \"peregrine bench\": it has no \"format\": \"{Format}\".");
            }

            var total = new Recording
            {
                SentMessages = root.GetProperty("sent").GetProperty("messages").GetInt64(),
                SentBytes = root.GetProperty("sent").GetProperty("bytes").GetInt64(),
                ReceivedMessages = root.GetProperty("received").GetProperty("messages").GetInt64(),
                ReceivedBytes = root.GetProperty("received").GetProperty("bytes").GetInt64(),
                Unfinished = root.GetProperty("unfinished").GetInt64(),
                EndedConnections = root.TryGetProperty("connectionsEnded", out var ended) ? ended.GetInt64() : 0,
            };
            ReadLatencies(root, "latency", total.Calls);
            ReadLatencies(root, "failureLatency", total.Failures);
            ReadLatencies(root, "messageLatency", total.Messages);
            foreach (var status in root.GetProperty("statuses").EnumerateArray())
            {
                total.Statuses[(StatusCode)status.GetProperty("code").GetInt32()] = status.GetProperty("calls").GetInt64();
            }

            List<KeyValuePair<string, string>> settings = [];
            foreach (var setting in root.GetProperty("settings").EnumerateObject())
            {
                settings.Add(new(setting.Name, setting.Value.GetString() ?? ""));
            }

            return new RunResult
            {
                Started = root.GetProperty("started").GetDateTimeOffset(),
                Address = root.GetProperty("address").GetString() ?? "",
                Method = root.GetProperty("method").GetString() ?? "",
                Settings = settings,
                Machine = root.GetProperty("machine").GetString() ?? "",
                Seconds = root.GetProperty("seconds").GetDouble(),
                IsInterrupted = root.GetProperty("interrupted").GetBoolean(),
                ProcessorSeconds = root.GetProperty("processorSeconds").GetDouble(),
                Total = total,
            };
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or IndexOutOfRangeException)
        {
            throw new ToolException($"{path} is no whole result of \"peregrine bench\": {exception.Message}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ToolException($"{path} cannot be read: {exception.Message}");
        }
    }

    private static void WriteMessages(Utf8JsonWriter json, string name, RunResult result, long messages, long bytes)
    {
        json.WriteStartObject(name);
        json.WriteNumber("messages", messages);
        json.WriteNumber("bytes", bytes);
        json.WriteNumber("messagesPerSecond", result.PerSecond(messages));
        json.WriteNumber("bytesPerSecond", result.PerSecond(bytes));
        json.WriteEndObject();
    }

    private static void WriteStatuses(Utf8JsonWriter json, RunResult result)
    {
        json.WriteStartArray("statuses");
        foreach (var (status, count) in result.Statuses)
        {
            json.WriteStartObject();
            json.WriteNumber("code", (int)status);
            json.WriteString("name", StatusNames.Of(status));
            json.WriteNumber("calls", count);
            if (result.Total.Details.TryGetValue(status, out var detail))
            {
                json.WriteString("example", detail);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteLatencies(Utf8JsonWriter json, string name, LatencyHistogram? latencies)
    {
        if (latencies is not { Count: > 0 })
        {
            return;
        }

        json.WriteStartObject(name);
        json.WriteNumber("count", latencies.Count);
        json.WriteNumber("min", latencies.Min);
        json.WriteNumber("mean", latencies.Mean);
        json.WriteNumber("standardDeviation", latencies.StandardDeviation);
        foreach (var percent in LatencyText.Percentiles)
        {
            json.WriteNumber("p" + percent.ToString(CultureInfo.InvariantCulture), latencies.Percentile(percent));
        }

        json.WriteNumber("max", latencies.Max);

        // On one line: an indented histogram would be thousands of lines.
        json.WritePropertyName("buckets");
        json.WriteRawValue($"[{string.Join(',', BucketsOf(latencies))}]");
        json.WriteEndObject();
    }

    private static IEnumerable<string> BucketsOf(LatencyHistogram latencies)
    {
        foreach (var (value, count) in latencies.Buckets())
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"[{Math.Min(value, latencies.Max)},{count}]");
        }
    }

    private static void WriteTimeline(Utf8JsonWriter json, IReadOnlyList<TimelinePoint> timeline)
    {
        json.WriteStartArray("timeline");
        foreach (var point in timeline)
        {
            json.WriteStartObject();
            json.WriteNumber("second", Math.Round(point.Second, 3));
            json.WriteNumber("length", Math.Round(point.Length, 3));
            json.WriteNumber("calls", point.Calls);
            json.WriteNumber("failed", point.Failed);
            json.WriteNumber("messages", point.Messages);
            json.WriteNumber("p50", point.P50);
            json.WriteNumber("p99", point.P99);
            json.WriteNumber("max", point.Max);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void ReadLatencies(JsonElement root, string name, LatencyHistogram latencies)
    {
        if (!root.TryGetProperty(name, out var written))
        {
            return;
        }

        foreach (var bucket in written.GetProperty("buckets").EnumerateArray())
        {
            latencies.Record(bucket[0].GetInt64(), bucket[1].GetInt64());
        }
    }
}
