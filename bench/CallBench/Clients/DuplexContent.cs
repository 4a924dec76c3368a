// SPDX-License-Identifier: Apache-2.0
using System.Net;
using Bench.Calls;
using Peregrine.Protobuf;

namespace CallBench.Clients;

/// <summary>The body of a request that is written while the response is read.</summary>
internal sealed class DuplexContent(bool gzip) : HttpContent
{
    private readonly TaskCompletionSource<Stream> _stream = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PooledBuffer _buffer = new();

    public async ValueTask WriteAsync(IMessage message)
    {
        Stream stream = await _stream.Task;
        _buffer.Clear();
        MessageFrame.Write(_buffer, message, gzip);
        await stream.WriteAsync(_buffer.Written);
        await stream.FlushAsync();
    }

    public void Complete() => _complete.TrySetResult();

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        // Sends the request's headers, for whose answer the caller waits.
        await stream.FlushAsync();
        _stream.SetResult(stream);
        await _complete.Task;
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _complete.TrySetResult();
            _buffer.Dispose();
        }

        base.Dispose(disposing);
    }
}
