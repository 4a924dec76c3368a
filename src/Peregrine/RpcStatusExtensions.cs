// SPDX-License-Identifier: Apache-2.0
using System;
using Peregrine.Protocol;

namespace Peregrine;

/// <summary>Makes failures of rich errors.</summary>
public static class RpcStatusExtensions
{
    /// <summary>Makes the exception that, thrown by a handler, ends the call with a rich error.</summary>
    /// <param name="status">The error; its code and message become those of the call. A code outside 0 to 16 becomes UNKNOWN.</param>
    /// <returns>The exception, with the error in the trailer <c>grpc-status-details-bin</c>.</returns>
    /// <example>
    /// <code>
    /// throw new Google.Rpc.Status
    /// {
    ///     Code = (int)Code.InvalidArgument,
    ///     Message = "Bad request",
    ///     Details = { Any.Pack(new BadRequest { FieldViolations = { new BadRequest.Types.FieldViolation { Field = "name" } } }) },
    /// }.ToRpcException();
    /// </code>
    /// </example>
    public static RpcException ToRpcException(this Google.Rpc.Status status)
    {
        ArgumentNullException.ThrowIfNull(status);
        return status.ToRpcException(StatusMapping.FromNumber(status.Code), status.Message);
    }

    /// <summary>Makes the exception of a rich error, with another code or message for the call.</summary>
    /// <param name="status">The error. It is not changed.</param>
    /// <param name="statusCode">
    /// The code of the call. What is sent carries it in the details, too: peers refuse details whose code is another than the call's.
    /// </param>
    /// <param name="message">The message of the call; the details keep their own.</param>
    /// <returns>The exception, with the error in the trailer <c>grpc-status-details-bin</c>.</returns>
    public static RpcException ToRpcException(this Google.Rpc.Status status, StatusCode statusCode, string message)
    {
        ArgumentNullException.ThrowIfNull(status);
        ArgumentNullException.ThrowIfNull(message);
        Google.Rpc.Status sent = status;
        if (sent.Code != (int)statusCode)
        {
            sent = status.Clone();
            sent.Code = (int)statusCode;
        }

        var trailers = new Metadata(1);
        trailers.SetRpcStatus(sent);
        return new RpcException(new Status(statusCode, message), trailers);
    }
}
