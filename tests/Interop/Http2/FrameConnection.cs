// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Peregrine.TestKit;

namespace Interop.Http2;

/// <summary>
/// One connection of a client to the scripted server, in frames written by hand: nothing here is of the library that is tested.
/// Header blocks of requests are not decoded, since every call is a UnaryCall.
/// </summary>
internal sealed class FrameConnection(Stream stream, Script script) : IDisposable
{
    private const int InitialWindowSize = 4;
    private const int SettingLength = 6;
    private const string Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    private readonly SemaphoreSlim _writing = new(1);
    private readonly Dictionary<int, ScriptedCall> _calls = [];
    private readonly List<Task> _answers = [];
    private int _open;
    private bool _settingsAcknowledged;

    /// <summary>What the client takes.</summary>
    public SendWindows Windows { get; } = new();

    /// <summary>How many PING frames were sent.</summary>
    public int PingsSent { get; private set; }

    /// <summary>How many of them the client has acknowledged.</summary>
    public int PingsAcknowledged { get; private set; }

    /// <summary>The most streams that were open at a time, since the client acknowledged the settings.</summary>
    public int MostOpen { get; private set; }

    /// <summary>How many calls came.</summary>
    public int Calls { get; private set; }

    /// <summary>Serves the connection until the client closes it. False: it was closed before it was one of HTTP/2.</summary>
    public async Task<bool> RunAsync()
    {
        byte[] preface = new byte[Preface.Length];
        if (await stream.ReadAtLeastAsync(preface, preface.Length, throwOnEndOfStream: false) < preface.Length
            || Encoding.ASCII.GetString(preface) != Preface)
        {
            return false;
        }

        await SendAsync(script.Settings);
        while (await RawFrame.ReadAsync(stream) is { } frame)
        {
            await ReceiveAsync(frame);
        }

        try
        {
            await Task.WhenAll(_answers).WaitAsync(TimeSpan.FromSeconds(1));
        }
        catch (TimeoutException)
        {
            // A script that waits for the windows of a client that is gone.
        }

        return true;
    }

    public async Task SendAsync(params RawFrame[] frames)
    {
        using MemoryStream output = new();
        foreach (RawFrame frame in frames)
        {
            frame.WriteTo(output);
        }

        await _writing.WaitAsync();
        try
        {
            await stream.WriteAsync(output.GetBuffer().AsMemory(0, (int)output.Length));
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Sends a frame that ends its stream.</summary>
    public Task EndAsync(RawFrame frame)
    {
        Interlocked.Decrement(ref _open);
        return SendAsync(frame);
    }

    public Task PingAsync()
    {
        PingsSent++;
        return SendAsync(new RawFrame(RawFrameType.Ping, 0, 0, new byte[8]));
    }

    public void Dispose()
    {
        stream.Dispose();
        _writing.Dispose();
    }

    private async Task ReceiveAsync(RawFrame frame)
    {
        switch (frame.Type)
        {
            case RawFrameType.Settings when frame.Has(RawFrame.Ack):
                _settingsAcknowledged = true;
                break;
            case RawFrameType.Settings:
                Apply(frame.Payload);
                await SendAsync(new RawFrame(RawFrameType.Settings, RawFrame.Ack, 0, []));
                break;
            case RawFrameType.Ping when frame.Has(RawFrame.Ack):
                PingsAcknowledged++;
                break;
            case RawFrameType.Ping:
                await SendAsync(frame with { Flags = RawFrame.Ack });
                break;
            case RawFrameType.WindowUpdate:
                Windows.Add(frame.Stream, frame.Number);
                break;
            case RawFrameType.Headers when !_calls.ContainsKey(frame.Stream):
                Open(frame.Stream);
                break;
            case RawFrameType.Data:
                await ReceiveDataAsync(frame);
                break;
        }
    }

    private void Apply(ReadOnlySpan<byte> settings)
    {
        for (; settings.Length >= SettingLength; settings = settings[SettingLength..])
        {
            if (((settings[0] << 8) | settings[1]) == InitialWindowSize)
            {
                Windows.SetInitial(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(settings[2..]));
            }
        }
    }

    private void Open(int id)
    {
        Calls++;
        _calls[id] = new ScriptedCall(this, id);
        Windows.Open(id);
        int open = Interlocked.Increment(ref _open);
        if (_settingsAcknowledged)
        {
            MostOpen = Math.Max(MostOpen, open);
        }
    }

    private async Task ReceiveDataAsync(RawFrame frame)
    {
        ScriptedCall call = _calls[frame.Stream];
        call.Receive(frame.Data);
        if (frame.Payload.Length > 0)
        {
            await SendAsync(
                RawFrame.OfNumbers(RawFrameType.WindowUpdate, 0, (uint)frame.Payload.Length),
                RawFrame.OfNumbers(RawFrameType.WindowUpdate, frame.Stream, (uint)frame.Payload.Length));
        }

        if (frame.Has(RawFrame.EndStream))
        {
            _answers.Add(Task.Run(() => script.AnswerAsync(call)));
        }
    }
}
