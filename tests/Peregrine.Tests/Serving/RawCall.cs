// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Threading.Channels;
using Peregrine.Http2;
using Peregrine.Http2.Streams;

namespace Peregrine.Tests.Serving;

/// <summary>One request of a <see cref="RawClient"/> and what comes back for it.</summary>
internal sealed class RawCall(RawClient client)
{
    private readonly List<byte> _body = [];
    private readonly Channel<byte[]> _messages = System.Threading.Channels.Channel.CreateUnbounded<byte[]>();
    private readonly TaskCompletionSource<Dictionary<string, string>> _headers = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Dictionary<string, string>> _trailers = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Http2ErrorCode> _reset = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Http2Stream Stream { get; set; } = null!;

    public bool TrailersOnly { get; private set; }

    /// <summary>The response head.</summary>
    public Task<Dictionary<string, string>> Headers => _headers.Task.WaitAsync(RawClient.Patience);

    /// <summary>The trailers, or the head when it is a Trailers-Only response; empty when DATA ended the stream.</summary>
    public Task<Dictionary<string, string>> Trailers => _trailers.Task.WaitAsync(RawClient.Patience);

    /// <summary>The code of a RST_STREAM that the server sent.</summary>
    public Task<Http2ErrorCode> ResetCode => _reset.Task.WaitAsync(RawClient.Patience);

    /// <summary>The body as text, for answers that are not gRPC.</summary>
    public string BodyText => System.Text.Encoding.UTF8.GetString([.. _body]);

    public async Task<byte[]> NextMessageAsync() => await _messages.Reader.ReadAsync().AsTask().WaitAsync(RawClient.Patience);

    public async Task<string> NextTextAsync() => System.Text.Encoding.UTF8.GetString(await NextMessageAsync());

    public async Task<StatusCode> StatusAsync() =>
        (StatusCode)int.Parse((await Trailers)["grpc-status"]);

    public void Send(byte[] data, bool endStream) => client.Send(this, data, endStream);

    public void SendText(string text, bool endStream = false) => Send(RawClient.Frame(text), endStream);

    public void Reset(Http2ErrorCode code) => client.Reset(this, code);

    internal void On(in Http2Event e)
    {
        switch (e.Kind)
        {
            case Http2EventKind.Headers:
                TrailersOnly = e.EndStream;
                _headers.TrySetResult(Read(e));
                if (e.EndStream)
                {
                    _trailers.TrySetResult(Read(e));
                }

                break;
            case Http2EventKind.Data:
                _body.AddRange(e.Data.Span);
                while (_body.Count >= 5 && BinaryPrimitives.ReadInt32BigEndian([.. _body[1..5]]) is var length && length >= 0 && _body.Count >= 5 + length && _body[0] <= 1)
                {
                    _messages.Writer.TryWrite([.. _body[5..(5 + length)]]);
                    _body.RemoveRange(0, 5 + length);
                }

                if (e.EndStream)
                {
                    _trailers.TrySetResult([]);
                }

                break;
            case Http2EventKind.Trailers:
                _trailers.TrySetResult(Read(e));
                break;
            case Http2EventKind.StreamReset:
                _reset.TrySetResult(e.Error.Code);
                var failure = new IOException(e.Error.ToString());
                _headers.TrySetException(failure);
                _trailers.TrySetException(failure);
                _messages.Writer.TryComplete(failure);
                break;
            default:
                break;
        }
    }

    private static Dictionary<string, string> Read(in Http2Event e)
    {
        Dictionary<string, string> result = [];
        foreach (var field in e.Headers!.Fields)
        {
            result[System.Text.Encoding.ASCII.GetString(field.Name)] = System.Text.Encoding.Latin1.GetString(field.Value);
        }

        return result;
    }
}
