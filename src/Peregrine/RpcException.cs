// SPDX-License-Identifier: Apache-2.0
using System;
using Peregrine.Diagnostics;

namespace Peregrine;

/// <summary>
/// A call that failed, thrown where its result is awaited; in a server handler, throwing it ends the call with its status
/// and trailers. <see cref="Exception.InnerException"/> is the status's cause.
/// </summary>
public class RpcException : Exception
{
    /// <summary>Makes the exception of a status.</summary>
    /// <param name="status">How the call ended.</param>
    public RpcException(Status status)
        : this(status, Metadata.Empty, status.ToString())
    {
    }

    /// <summary>Makes the exception of a status, with a message of its own.</summary>
    /// <param name="status">How the call ended.</param>
    /// <param name="message">The exception message; the status keeps its own detail.</param>
    public RpcException(Status status, string message)
        : this(status, Metadata.Empty, message)
    {
    }

    /// <summary>Makes the exception of a status and trailers.</summary>
    /// <param name="status">How the call ended.</param>
    /// <param name="trailers">The trailing metadata, received or to be sent.</param>
    public RpcException(Status status, Metadata trailers)
        : this(status, trailers, status.ToString())
    {
    }

    /// <summary>Makes the exception of a status and trailers, with a message of its own.</summary>
    /// <param name="status">How the call ended.</param>
    /// <param name="trailers">The trailing metadata, received or to be sent.</param>
    /// <param name="message">The exception message; the status keeps its own detail.</param>
    /// <exception cref="ArgumentNullException"><paramref name="trailers"/> is null.</exception>
    public RpcException(Status status, Metadata trailers, string message)
        : base(message, status.DebugException)
    {
        ArgumentNullException.ThrowIfNull(trailers);
        Status = status;
        Trailers = trailers;
    }

    /// <summary>How the call ended.</summary>
    public Status Status { get; }

    /// <summary>The code of <see cref="Status"/>, for exception filters.</summary>
    public StatusCode StatusCode => Status.StatusCode;

    /// <summary>The trailing metadata of the call; empty when there was none.</summary>
    public Metadata Trailers { get; }

    /// <summary>
    /// What cut the call off, if it did not end with a status that its server chose; <see cref="CancellationReason.None"/> otherwise, and in
    /// exceptions that user code makes.
    /// </summary>
    public CancellationReason CancellationReason { get; internal init; }

    /// <summary>What happened to the call, and last on its connection; null in exceptions of a server and in those that user code makes.</summary>
    public CallTimeline? Timeline { get; internal init; }
}
