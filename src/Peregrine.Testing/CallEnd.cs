// SPDX-License-Identifier: Apache-2.0
using System;
using System.Threading.Tasks;

namespace Peregrine.Testing;

/// <summary>How a call that no server makes ends: what its status and trailers are, once its task has completed.</summary>
internal sealed class CallEnd(Task completion, Metadata? headers, Metadata? trailers)
{
    private static readonly Status Disposed = new(StatusCode.Cancelled, "The call was disposed before it ended.");

    private volatile bool _isDisposed;

    public Task<Metadata> Headers { get; } = Task.FromResult(headers ?? []);

    public Status GetStatus()
    {
        if (!completion.IsCompleted)
        {
            return _isDisposed ? Disposed : throw new InvalidOperationException("The call has not ended; its status comes at its end.");
        }

        return completion switch
        {
            { IsCompletedSuccessfully: true } => Status.DefaultSuccess,
            { IsCanceled: true } => Status.DefaultCancelled,
            { Exception.InnerException: RpcException failure } => failure.Status,
            _ => new Status(StatusCode.Unknown, completion.Exception!.InnerException!.Message, completion.Exception.InnerException),
        };
    }

    public Metadata GetTrailers()
    {
        if (!completion.IsCompleted && !_isDisposed)
        {
            throw new InvalidOperationException("The call has not ended; its trailers come at its end.");
        }

        return completion.IsFaulted && completion.Exception.InnerException is RpcException failure ? failure.Trailers : trailers ?? [];
    }

    public void Dispose() => _isDisposed = true;
}
