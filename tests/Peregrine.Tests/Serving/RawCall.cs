// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Threading.Channels;
using Peregrine.Http2;
using Peregrine.Http2.Streams;

namespace Peregrine.Tests.Serving;

/// <summary>One request of a <see cref="RawClient"/> and what comes back for it.</summary>
internal sealed class RawCall(RawClient client)
{
    private readonly List<byte> body = [];
    private readonly Channel<byte[]> messages = System.Threading.Channels.Channel.CreateUnbounded<byte[]>();
    private readonly TaskCompletionSource<Dictionary<string, string>> headers = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Dictionary<string, string>> trailers = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Http2ErrorCode> reset = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Http2Stream Stream { get; set; } = null!;

    public bool TrailersOnly { get; private set; }

    /// <summary>The response head.</summary>
    public Task<Dictionary<string, string>> Headers => headers.Task.WaitAsync(RawClient.Patience);

    /// <summary>The trailers, or the head when it is a Trailers-Only response; empty when DATA ended the stream.</summary>
    public Task<Dictionary<string, string>> Trailers => trailers.Task.WaitAsync(RawClient.Patience);

    /// <summary>The code of a RST_STREAM that the server sent.</summary>
    public Task<Http2ErrorCode> ResetCode => reset.Task.WaitAsync(RawClient.Patience);

    /// <summary>The body as text, for answers that are not gRPC.</summary>
    public string BodyText => System.Text.Encoding.UTF8.GetString([.. body]);

    public async Task<byte[]> NextMessageAsync() => await messages.Reader.ReadAsync().AsTask().WaitAsync(RawClient.Patience);

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
                headers.TrySetResult(Read(e));
                if (e.EndStream)
                {
                    trailers.TrySetResult(Read(e));
                }

                break;
            case Http2EventKind.Data:
                body.AddRange(e.Data.Span);
                while (body.Count >= 5 && BinaryPrimitives.ReadInt32BigEndian([.. body[1..5]]) is var length && length >= 0 && body.Count >= 5 + length && body[0] <= 1)
                {
                    messages.Writer.TryWrite([.. body[5..(5 + length)]]);
                    body.RemoveRange(0, 5 + length);
                }

                if (e.EndStream)
                {
                    trailers.TrySetResult([]);
                }

                break;
            case Http2EventKind.Trailers:
                trailers.TrySetResult(Read(e));
                break;
            case Http2EventKind.StreamReset:
                reset.TrySetResult(e.Error.Code);
                var failure = new IOException(e.Error.ToString());
                headers.TrySetException(failure);
                trailers.TrySetException(failure);
                messages.Writer.TryComplete(failure);
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
