// SPDX-License-Identifier: Apache-2.0
using Peregrine.Http2.Frames;
using Peregrine.Http2.Hpack;
using Peregrine.Http2.Streams;

namespace Peregrine.Http2.Tests;

/// <summary>
/// One random run of a sending end against a model of its peer that changes its settings at any time. The model keeps its own accounts:
/// a change holds for every frame behind its acknowledgment, so that windows, also negative ones, are known to the octet.
/// </summary>
internal sealed class SettingsSchedule
{
    private readonly Random _random;
    private readonly Http2Role _role;
    private readonly Peer _peer;
    private readonly Queue<(int Window, int FrameSize, int TableSize)> _unacknowledged = new();
    private readonly Dictionary<int, Account> _accounts = [];
    private readonly HpackDecoder _decoder = new(4096);
    private int _nextId = 1;
    private long _connectionWindow = 65535;
    private int _initialWindow = 65535;
    private int _frameSize = 16384;
    private int _lastWindow = 65535;

    public SettingsSchedule(int seed, Http2Role role)
    {
        _random = new Random(seed);
        _role = role;
        _peer = new Peer(role).Opened();
    }

    public void Run(int steps)
    {
        for (int step = 0; step < steps; step++)
        {
            _peer.Now += 20;
            Step();
            if (_random.Next(3) == 0)
            {
                ReadOutput();
            }
        }

        Finish();
        _peer.Dispose();
    }

    private void Step()
    {
        switch (_random.Next(8))
        {
            case 0 or 1 when _accounts.Values.Count(account => !account.Over) < 8:
                Open();
                break;
            case 2:
                ChangeSettings();
                break;
            case 3:
                Grow(0, _random.Next(1, 40_000));
                break;
            case 4 or 5 when Pick() is { } account:
                Grow(account.Stream.Id, _random.Next(1, 30_000));
                break;
            case 6 when Pick() is { Ended: false } account && account.Stream.IsWritable:
                int length = _random.Next(0, 40_000);
                Assert.True(_peer.Connection.SendData(account.Stream, new byte[length], endStream: false));
                account.Queued += length;
                if (_random.Next(4) == 0)
                {
                    EndByTrailers(account);
                }

                break;
            case 7 when _random.Next(6) == 0 && Pick() is { } account:
                account.Over = true;
                if (_random.Next(2) == 0)
                {
                    // What is on its way already is still read; the account only stops to expect an end.
                    _peer.Connection.ResetStream(account.Stream, Http2ErrorCode.Cancel);
                }
                else
                {
                    ReadOutput();
                    _peer.Feed(new FrameScript().Reset(account.Stream.Id));
                    _peer.Events.Clear();
                }

                break;
            default:
                break;
        }
    }

    private Account? Pick()
    {
        Account[] open = [.. _accounts.Values.Where(account => !account.Over)];
        return open.Length == 0 ? null : open[_random.Next(open.Length)];
    }

    private void Open()
    {
        Http2Stream stream;
        int id = _nextId;
        _nextId += 2;
        if (_role == Http2Role.Client)
        {
            stream = _peer.Connection.OpenStream(Peer.Fields(FrameScript.Request), endStream: false);
        }
        else
        {
            _peer.Feed(new FrameScript().Headers(id, true, FrameScript.Request));
            stream = _peer.Events.Single(item => item.Kind == Http2EventKind.Headers).Stream!;
            _peer.Told();
            _peer.Connection.SendHeaders(stream, Peer.Fields(FrameScript.Response), endStream: false);
        }

        Assert.Equal(id, stream.Id);
        _accounts.Add(id, new Account(stream));
    }

    private void EndByTrailers(Account account)
    {
        account.Ended = true;
        OutgoingHeaders trailers = new();
        trailers.Add("grpc-status"u8, "0"u8, HeaderIndexing.Incremental);
        trailers.Add("x"u8, System.Text.Encoding.ASCII.GetBytes(new string('v', _random.Next(200))), HeaderIndexing.Incremental);
        Assert.True(_peer.Connection.SendTrailers(account.Stream, trailers));
    }

    private void ChangeSettings()
    {
        int window = _random.Next(4) == 0 ? 0 : _random.Next(0, 100_000);
        int frameSize = _random.Next(2) == 0 ? 16384 : _random.Next(16384, 100_000);
        int tableSize = _random.Next(3) * 100;
        int between = _random.Next(0, 4097);
        _lastWindow = window;
        _unacknowledged.Enqueue((window, frameSize, tableSize));
        _peer.Feed(new FrameScript().Settings((1, (uint)between), (4, (uint)window), (1, (uint)tableSize), (5, (uint)frameSize)));
        _peer.Told();
    }

    private void Grow(int id, int increment)
    {
        // The model may grant no more than 2^31-1, and here far less.
        _peer.Feed(new FrameScript().WindowUpdate(id, increment));
        if (id == 0)
        {
            _connectionWindow += increment;
        }
        else
        {
            _accounts[id].Granted += increment;
        }
    }

    private void ReadOutput()
    {
        ReadOnlySpan<byte> bytes = _peer.Take();
        List<byte> block = [];
        while (!bytes.IsEmpty)
        {
            FrameHeader header = FrameHeader.Read(bytes);
            ReadOnlySpan<byte> payload = bytes.Slice(FrameHeader.Size, header.Length);
            bytes = bytes[(FrameHeader.Size + header.Length)..];
            Assert.InRange(header.Length, 0, _frameSize);
            switch (header.Type)
            {
                case FrameType.Settings when header.IsAck:
                    (int window, _frameSize, int tableSize) = _unacknowledged.Dequeue();
                    _initialWindow = window;
                    _decoder.ApplyAcknowledgedTableSize(tableSize);
                    break;
                case FrameType.Data:
                    Account account = _accounts[header.StreamId];
                    account.Received += header.Length;
                    _connectionWindow -= header.Length;
                    Assert.True(header.Length == 0 || _connectionWindow >= 0, "DATA exceeds the connection's window");
                    Assert.True(
                        header.Length == 0 || account.Received <= _initialWindow + account.Granted,
                        $"stream {header.StreamId}: {account.Received} octets, {_initialWindow} + {account.Granted} granted");
                    break;
                case FrameType.Headers or FrameType.Continuation:
                    block.AddRange(payload);
                    if (header.EndHeaders)
                    {
                        HeaderList list = new();
                        Assert.Null(_decoder.Decode(block.ToArray(), list, 1 << 20, 1000));
                        block.Clear();
                    }

                    if (header.Type == FrameType.Headers && header.EndStream)
                    {
                        Assert.Equal(_accounts[header.StreamId].Queued, _accounts[header.StreamId].Received);
                        _accounts[header.StreamId].Over = true;
                    }

                    break;
                default:
                    break;
            }
        }
    }

    private void Finish()
    {
        ReadOutput();
        foreach (Account account in _accounts.Values.Where(account => !account.Over && !account.Ended))
        {
            EndByTrailers(account);
        }

        Grow(0, 100_000_000);
        foreach (Account account in _accounts.Values.Where(account => !account.Over && account.Stream.QueuedBytes > 0))
        {
            Assert.True(account.Stream.SendWindow == _initialWindow + account.Granted - account.Received);
            Grow(account.Stream.Id, 10_000_000);
        }

        ReadOutput();
        Assert.Empty(_unacknowledged);
        Assert.Equal(_lastWindow, _initialWindow);
        Assert.All(_accounts.Values, account => Assert.True(account.Over, $"stream {account.Stream.Id} never ended"));
        Assert.Equal(_connectionWindow, _peer.Connection.Session.Outbound.Window);
        Assert.False(_peer.Connection.IsClosed, _peer.Connection.CloseError.ToString());
    }

    private sealed class Account(Http2Stream stream)
    {
        public readonly Http2Stream Stream = stream;
        public long Granted;
        public long Received;
        public long Queued;
        public bool Ended;
        public bool Over;
    }
}
