// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine.Protocol;

/// <summary>The tables of the specification that turn other failures into gRPC statuses, each once.</summary>
internal static class StatusMapping
{
    /// <summary>
    /// The code of a message count that the kind of the call does not allow: none, or more than one, where exactly one is due
    /// (gRPC statuscodes.md). Maintainers of other implementations dispute it and some send INTERNAL; this is the only place.
    /// </summary>
    public const StatusCode CardinalityViolation = StatusCode.Unimplemented;

    /// <summary>The code of <c>grpc-status</c>: a number outside the known range means UNKNOWN.</summary>
    public static StatusCode FromNumber(int number) =>
        number is >= 0 and <= 16 ? (StatusCode)number : StatusCode.Unknown;

    /// <summary>
    /// A response without <c>grpc-status</c> (gRPC http-grpc-status-mapping.md). The table is one-way: servers must not use it in
    /// reverse. 431 is INTERNAL as that document says.
    /// </summary>
    public static StatusCode FromHttpStatus(int httpStatus) => httpStatus switch
    {
        400 or 431 => StatusCode.Internal,
        401 => StatusCode.Unauthenticated,
        403 => StatusCode.PermissionDenied,
        404 => StatusCode.Unimplemented,
        429 or 502 or 503 or 504 => StatusCode.Unavailable,
        _ => StatusCode.Unknown,
    };

    /// <summary>
    /// A stream that the peer reset (gRPC PROTOCOL-HTTP2, "Errors"; the numbers are those of RFC 9113 section 7).
    /// A code that nobody knows counts as INTERNAL_ERROR (RFC 9113 section 7).
    /// </summary>
    public static StatusCode FromResetCode(uint errorCode) => errorCode switch
    {
        0x7 => StatusCode.Unavailable, // REFUSED_STREAM: the server did nothing, a retry may
        0x8 => StatusCode.Cancelled, // CANCEL
        0xB => StatusCode.ResourceExhausted, // ENHANCE_YOUR_CALM
        0xC => StatusCode.PermissionDenied, // INADEQUATE_SECURITY
        0xD => StatusCode.Unknown, // HTTP_1_1_REQUIRED: not a gRPC server; the table names it not
        _ => StatusCode.Internal,
    };

    /// <summary>
    /// What a server sends for an exception of a handler: an <see cref="RpcException"/>'s own status, UNKNOWN for the rest, with
    /// the exception's text only when detailed errors are on. An <see cref="RpcException"/> that says OK is not success: UNKNOWN.
    /// </summary>
    public static Status FromHandlerException(Exception exception, bool includeDetails)
    {
        if (exception is RpcException rpc)
        {
            return rpc.StatusCode != StatusCode.OK
                ? rpc.Status
                : new Status(StatusCode.Unknown, "The handler threw an RpcException with status OK.", exception);
        }

        // Not INTERNAL: statuscodes.md keeps that for broken invariants of the library.
        return new Status(
            StatusCode.Unknown,
            includeDetails
                ? $"Exception was thrown by handler. {exception.GetType().Name}: {exception.Message}"
                : "Exception was thrown by handler.",
            exception);
    }

    /// <summary>Whether only applications may make this code (statuscodes.md; gRFC A54).</summary>
    public static bool IsReservedToApplications(StatusCode code) => code
        is StatusCode.InvalidArgument or StatusCode.NotFound or StatusCode.AlreadyExists or StatusCode.FailedPrecondition
        or StatusCode.Aborted or StatusCode.OutOfRange or StatusCode.DataLoss;

    /// <summary>
    /// A status made by call credentials, a resolver or a picker: codes reserved to applications, and OK, become INTERNAL
    /// (gRFC A54), as the application could not tell them from its server's.
    /// </summary>
    public static Status FromControlPlane(Status status, string origin) =>
        status.StatusCode == StatusCode.OK || IsReservedToApplications(status.StatusCode)
            ? new Status(
                StatusCode.Internal,
                $"Illegal status code {status.StatusCode} from {origin}: {status.Detail}",
                status.DebugException)
            : status;
}
