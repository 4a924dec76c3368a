// SPDX-License-Identifier: Apache-2.0
using System.Text;

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
        while (await Frame.ReadAsync(stream) is { } frame)
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

    public async Task SendAsync(params Frame[] frames)
    {
        using MemoryStream output = new();
        foreach (Frame frame in frames)
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
    public Task EndAsync(Frame frame)
    {
        Interlocked.Decrement(ref _open);
        return SendAsync(frame);
    }

    public Task PingAsync()
    {
        PingsSent++;
        return SendAsync(new Frame(FrameType.Ping, 0, 0, new byte[8]));
    }

    public void Dispose()
    {
        stream.Dispose();
        _writing.Dispose();
    }

    private async Task ReceiveAsync(Frame frame)
    {
        switch (frame.Type)
        {
            case FrameType.Settings when frame.Has(Frame.Ack):
                _settingsAcknowledged = true;
                break;
            case FrameType.Settings:
                Apply(frame.Payload);
                await SendAsync(new Frame(FrameType.Settings, Frame.Ack, 0, []));
                break;
            case FrameType.Ping when frame.Has(Frame.Ack):
                PingsAcknowledged++;
                break;
            case FrameType.Ping:
                await SendAsync(frame with { Flags = Frame.Ack });
                break;
            case FrameType.WindowUpdate:
                Windows.Add(frame.Stream, frame.Number);
                break;
            case FrameType.Headers when !_calls.ContainsKey(frame.Stream):
                Open(frame.Stream);
                break;
            case FrameType.Data:
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

    private async Task ReceiveDataAsync(Frame frame)
    {
        ScriptedCall call = _calls[frame.Stream];
        call.Receive(frame.Data);
        if (frame.Payload.Length > 0)
        {
            await SendAsync(
                Frame.OfNumbers(FrameType.WindowUpdate, 0, (uint)frame.Payload.Length),
                Frame.OfNumbers(FrameType.WindowUpdate, frame.Stream, (uint)frame.Payload.Length));
        }

        if (frame.Has(Frame.EndStream))
        {
            _answers.Add(Task.Run(() => script.AnswerAsync(call)));
        }
    }
}
