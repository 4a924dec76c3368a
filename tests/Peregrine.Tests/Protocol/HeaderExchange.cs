// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Peregrine.Http2;
using Peregrine.Http2.Hpack;
using Peregrine.Http2.Streams;

namespace Peregrine.Tests.Protocol;

/// <summary>
/// Sends header blocks through two HTTP/2 connections wired back to back, so that the codecs are tested on lists as they arrive.
/// </summary>
internal sealed class HeaderExchange : IDisposable
{
    private readonly Http2Connection _client = new(Http2Role.Client, new Http2ConnectionOptions(), 0);
    private readonly Http2Connection _server = new(Http2Role.Server, new Http2ConnectionOptions(), 0);
    private readonly List<Http2Event> _clientEvents = [];
    private readonly List<Http2Event> _serverEvents = [];
    private Http2Stream? _requestStream;

    public HeaderExchange() => Pump();

    /// <summary>Sends request headers; gives what the server received, or null when HTTP/2 itself refused them.</summary>
    public HeaderList? Request(OutgoingHeaders headers)
    {
        _serverEvents.Clear();
        _client.OpenStream(headers, endStream: false);
        Pump();
        Http2Event? arrived = _serverEvents.Cast<Http2Event?>().FirstOrDefault(e => e!.Value.Kind == Http2EventKind.Headers);
        _requestStream = arrived?.Stream;
        return arrived?.Headers;
    }

    /// <summary>The same with fields given as text.</summary>
    public HeaderList? Request(params (string Name, string Value)[] fields) => Request(Build(fields));

    /// <summary>Answers with a header block; gives what the client received.</summary>
    public HeaderList Respond(OutgoingHeaders headers, bool endStream)
    {
        if (_requestStream is null)
        {
            Request((":method", "POST"), (":scheme", "http"), (":path", "/s/m"), (":authority", "a"));
        }

        _clientEvents.Clear();
        _server.SendHeaders(_requestStream!, headers, endStream);
        Pump();
        _requestStream = null;
        return _clientEvents.Single(e => e.Kind == Http2EventKind.Headers).Headers!;
    }

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    public static OutgoingHeaders Build(params (string Name, string Value)[] fields)
    {
        var headers = new OutgoingHeaders();
        foreach ((string name, string value) in fields)
        {
            headers.Add(Encoding.Latin1.GetBytes(name), Encoding.Latin1.GetBytes(value));
        }

        return headers;
    }

    public static IEnumerable<string> Texts(HeaderList headers)
    {
        List<string> texts = [];
        foreach (ref readonly HeaderField field in headers.Fields)
        {
            texts.Add($"{Encoding.Latin1.GetString(field.Name)}: {Encoding.Latin1.GetString(field.Value)}");
        }

        return texts;
    }

    private void Pump()
    {
        bool moved = true;
        while (moved)
        {
            moved = Move(_client, _server, _serverEvents, _clientEvents) | Move(_server, _client, _clientEvents, _serverEvents);
        }
    }

    private static bool Move(Http2Connection from, Http2Connection to, List<Http2Event> toEvents, List<Http2Event> fromEvents)
    {
        List<ArraySegment<byte>> segments = [];
        if (!from.TryTakeOutput(segments, fromEvents))
        {
            return false;
        }

        foreach (ArraySegment<byte> segment in segments)
        {
            to.Receive(segment.AsSpan(), 0, toEvents);
        }

        from.CompleteOutput();
        return true;
    }
}
