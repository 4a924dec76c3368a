// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Text;
using Peregrine.Http2.Frames;
using Peregrine.Http2.Hpack;

namespace Peregrine.Http2.Tests;

/// <summary>One state machine under test, with readable accounts of what it told and what it sent.</summary>
internal sealed class Peer : IDisposable
{
    private readonly HpackDecoder _decoder = new(4096);
    private byte[] _rest = [];

    public Peer(Http2Role role, Http2ConnectionOptions? options = null)
    {
        Connection = new Http2Connection(role, options ?? new Http2ConnectionOptions(), 0);
    }

    public Http2Connection Connection { get; }

    public List<Http2Event> Events { get; } = [];

    public long Now { get; set; }

    public static Peer Server(Http2ConnectionOptions? options = null) => new(Http2Role.Server, options);

    public static Peer Client(Http2ConnectionOptions? options = null) => new(Http2Role.Client, options);

    public static OutgoingHeaders Fields(params (string Name, string Value)[] fields)
    {
        OutgoingHeaders headers = new();
        foreach ((string name, string value) in fields)
        {
            headers.Add(Encoding.Latin1.GetBytes(name), Encoding.Latin1.GetBytes(value));
        }

        return headers;
    }

    public Peer Feed(FrameScript script) => Feed(script.ToArray());

    public Peer Feed(ReadOnlySpan<byte> bytes)
    {
        Connection.Receive(bytes, Now, Events);
        return this;
    }

    public byte[] Take()
    {
        List<ArraySegment<byte>> segments = [];
        MemoryStream bytes = new();
        while (Connection.TryTakeOutput(segments, Events))
        {
            segments.ForEach(segment => bytes.Write(segment));
            Connection.CompleteOutput();
        }

        return bytes.ToArray();
    }

    /// <summary>The frames sent since the last call, one line each: <c>HEADERS 1 ES :status=200</c>.</summary>
    public List<string> Sent()
    {
        byte[] bytes = [.. _rest, .. Take()];
        if (bytes.AsSpan().StartsWith(FrameWriter.Preface))
        {
            bytes = bytes[FrameWriter.Preface.Length..];
        }

        List<string> lines = [];
        while (bytes.Length >= 9)
        {
            FrameHeader header = FrameHeader.Read(bytes);
            byte[] payload = bytes[9..(9 + header.Length)];
            bytes = bytes[(9 + header.Length)..];
            string es = header.EndStream && header.Type is FrameType.Data or FrameType.Headers && header.EndStream ? " ES" : "";
            lines.Add(header.Type switch
            {
                FrameType.Data => $"DATA {header.StreamId}{es} {payload.Length}",
                FrameType.Headers => $"HEADERS {header.StreamId}{es} {Decode(payload)}",
                FrameType.RstStream => $"RST_STREAM {header.StreamId} {Code(payload)}",
                FrameType.Settings => header.IsAck ? "SETTINGS ACK" : "SETTINGS",
                FrameType.Ping => header.IsAck ? "PING ACK" : "PING",
                FrameType.GoAway => $"GOAWAY {BinaryPrimitives.ReadInt32BigEndian(payload)} {Code(payload.AsSpan(4))}",
                FrameType.WindowUpdate => $"WINDOW_UPDATE {header.StreamId} {BinaryPrimitives.ReadInt32BigEndian(payload)}",
                _ => $"{header.Type} {header.StreamId}",
            });
        }

        _rest = bytes;
        return lines;
    }

    /// <summary>The events since the last call, one line each; leases and lists are given back.</summary>
    public List<string> Told()
    {
        List<string> lines = [];
        foreach (Http2Event item in Events.ToArray())
        {
            string es = item.EndStream ? " ES" : "";
            switch (item.Kind)
            {
                case Http2EventKind.Headers or Http2EventKind.Trailers:
                    string large = item.Headers!.IsTooLarge ? " TOO LARGE" : "";
                    lines.Add($"{item.Kind} {item.StreamId}{es}{large} {Text(item.Headers)}".TrimEnd());
                    Http2Connection.ReleaseHeaders(item.Headers);
                    break;
                case Http2EventKind.Data:
                    lines.Add($"Data {item.StreamId}{es} {item.Data.Length}");
                    Connection.ReleaseData(item.Data);
                    break;
                case Http2EventKind.StreamReset:
                    string unprocessed = item.Unprocessed ? " unprocessed" : "";
                    lines.Add($"StreamReset {item.StreamId} {Http2Error.NameOf(item.Error.Code)} {item.Error.Initiator}{unprocessed}");
                    break;
                case Http2EventKind.ConnectionClosed:
                    lines.Add($"ConnectionClosed {Http2Error.NameOf(item.Error.Code)} {item.Error.Initiator}");
                    break;
                default:
                    lines.Add(item.Stream is null ? $"{item.Kind}" : $"{item.Kind} {item.StreamId}");
                    break;
            }
        }

        Events.Clear();
        return lines;
    }

    /// <summary>Exchanges the opening, so that a test starts on a quiet connection.</summary>
    public Peer Opened()
    {
        FrameScript script = new();
        Feed(Connection.Role == Http2Role.Server ? script.Preface().SettingsAck() : script.Settings().SettingsAck());
        Sent();
        Told();
        return this;
    }

    public void Dispose() => Connection.Dispose();

    private static string Code(ReadOnlySpan<byte> payload) =>
        Http2Error.NameOf((Http2ErrorCode)BinaryPrimitives.ReadUInt32BigEndian(payload));

    private static string Text(HeaderList list)
    {
        List<string> fields = [];
        foreach (ref readonly HeaderField field in list.Fields)
        {
            fields.Add($"{Encoding.Latin1.GetString(field.Name)}={Encoding.Latin1.GetString(field.Value)}");
        }

        return string.Join(' ', fields);
    }

    private string Decode(byte[] block)
    {
        HeaderList list = new();
        Assert.Null(_decoder.Decode(block, list, 1 << 20, 1000));
        return Text(list);
    }
}
