// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using BenchmarkDotNet.Attributes;
using Peregrine.Http2;
using Peregrine.Http2.Frames;
using Peregrine.Http2.Hpack;
using Peregrine.Http2.Streams;

namespace MicroBenchmarks;

/// <summary>Frames written to output and read from input, and a whole unary exchange between two state machines, without sockets.</summary>
[MemoryDiagnoser]
[HideColumns("Error", "StdDev", "RatioSD")]
[SuppressMessage("Design", "CA1001", Justification = "BenchmarkDotNet calls what has [GlobalCleanup], and does not dispose.")]
public class FrameBenchmarks
{
    private const int Frames = 64;
    private const int PayloadLength = 100;

    private readonly OutputBuffer _output = new();
    private readonly List<ArraySegment<byte>> _segments = [];
    private readonly List<Http2Event> _events = [];
    private readonly Http2Connection _client = new(Http2Role.Client, new Http2ConnectionOptions(), 0);
    private readonly Http2Connection _server = new(Http2Role.Server, new Http2ConnectionOptions(), 0);
    private readonly OutgoingHeaders _request = new TypicalRequest(0).Write();
    private readonly OutgoingHeaders _response = new();
    private readonly OutgoingHeaders _trailers = new();
    private readonly byte[] _message = new byte[PayloadLength];
    private readonly byte[] _dataFrames = new byte[Frames * (FrameHeader.Size + PayloadLength)];
    private readonly FrameWriter _writer;
    private long _now;

    public FrameBenchmarks()
    {
        _writer = new FrameWriter(_output);
        _response.Add(new HeaderTemplate(":status", "200"));
        _response.Add(new HeaderTemplate("content-type", "application/grpc"));
        _trailers.Add(new HeaderTemplate("grpc-status", "0"));
        Move(_client, _server);
        Move(_server, _client);
        Move(_client, _server);
        Http2Stream open = _client.OpenStream(_request, endStream: false);
        Move(_client, _server);
        Release(_server);
        for (int i = 0; i < Frames; i++)
        {
            FrameHeader.Write(_dataFrames.AsSpan(i * (FrameHeader.Size + PayloadLength)), PayloadLength, FrameType.Data, FrameFlags.None, open.Id);
        }
    }

    [Benchmark(Description = "write a DATA frame of 100 B", OperationsPerInvoke = Frames)]
    public int WriteData()
    {
        for (int i = 0; i < Frames; i++)
        {
            _writer.WriteDataHeader(1, PayloadLength, endStream: false);
            _message.CopyTo(_output.Reserve(PayloadLength));
            _output.Advance(PayloadLength);
        }

        return TakeOutput();
    }

    [Benchmark(Description = "write a HEADERS frame of a request", OperationsPerInvoke = Frames)]
    public int WriteHeaders()
    {
        for (int i = 0; i < Frames; i++)
        {
            _writer.WriteHeaders(1, _request, endStream: false);
        }

        return TakeOutput();
    }

    [Benchmark(Description = "read a DATA frame of 100 B", OperationsPerInvoke = Frames)]
    public int ReadData()
    {
        _server.Receive(_dataFrames, ++_now, _events);
        int read = Release(_server);
        if (_server.TryTakeOutput(_segments, _events)) // WINDOW_UPDATE
        {
            _server.CompleteOutput();
        }

        return read == Frames ? read : throw new InvalidDataException($"{read} events came of {Frames} frames.");
    }

    [Benchmark(Description = "a unary exchange through client and server")]
    public int Exchange()
    {
        Http2Stream call = _client.OpenStream(_request, endStream: false);
        _client.SendData(call, _message, endStream: true);
        Move(_client, _server);
        Http2Stream served = _events[0].Stream!;
        Release(_server);
        _server.SendHeaders(served, _response, endStream: false);
        _server.SendData(served, _message, endStream: false);
        _server.SendTrailers(served, _trailers);
        Move(_server, _client);
        int events = Release(_client);
        _server.ReleaseStream(served);
        _client.ReleaseStream(call);
        return events;
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _client.Dispose();
        _server.Dispose();
    }

    private int TakeOutput()
    {
        _segments.Clear();
        _output.Take(_segments);
        _output.Complete();
        return _segments.Count;
    }

    private void Move(Http2Connection from, Http2Connection to)
    {
        if (!from.TryTakeOutput(_segments, _events))
        {
            return;
        }

        foreach (ArraySegment<byte> segment in _segments)
        {
            to.Receive(segment, ++_now, _events);
        }

        from.CompleteOutput();
    }

    // Gives back what the events carry, as an owner does.
    private int Release(Http2Connection connection)
    {
        int count = _events.Count;
        foreach (Http2Event one in _events)
        {
            if (one.Kind == Http2EventKind.Data)
            {
                connection.ReleaseData(one.Data);
            }
            else if (one.Headers is { } headers)
            {
                Http2Connection.ReleaseHeaders(headers);
            }
        }

        _events.Clear();
        return count;
    }
}
