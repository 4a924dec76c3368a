// SPDX-License-Identifier: Apache-2.0
namespace Peregrine;

/// <summary>
/// The outcome of a call, as carried by the <c>grpc-status</c> trailer
/// (gRPC <c>statuscodes.md</c>). The numbers are the wire values.
/// </summary>
public enum StatusCode
{
    /// <summary>The call succeeded.</summary>
    OK = 0,

    /// <summary>The call was cancelled, typically by the caller.</summary>
    Cancelled = 1,

    /// <summary>An error of which nothing more is known, for example an exception thrown by a handler.</summary>
    Unknown = 2,

    /// <summary>The client sent an argument that is wrong whatever the state of the system. Never made by the library.</summary>
    InvalidArgument = 3,

    /// <summary>The deadline passed before the call ended.</summary>
    DeadlineExceeded = 4,

    /// <summary>A requested entity does not exist. Never made by the library.</summary>
    NotFound = 5,

    /// <summary>The entity to create exists already. Never made by the library.</summary>
    AlreadyExists = 6,

    /// <summary>The caller is known and may not do this.</summary>
    PermissionDenied = 7,

    /// <summary>The call carries no valid authentication.</summary>
    Unauthenticated = 16,

    /// <summary>A quota or limit is used up, for example a message is larger than allowed.</summary>
    ResourceExhausted = 8,

    /// <summary>The system is not in the state the operation needs. Never made by the library.</summary>
    FailedPrecondition = 9,

    /// <summary>The operation was aborted, for example by a concurrent one. Never made by the library.</summary>
    Aborted = 10,

    /// <summary>The operation went past the valid range. Never made by the library.</summary>
    OutOfRange = 11,

    /// <summary>The method does not exist on this server.</summary>
    Unimplemented = 12,

    /// <summary>An invariant of the protocol or of the system is broken.</summary>
    Internal = 13,

    /// <summary>The service cannot be reached now; a retry may succeed.</summary>
    Unavailable = 14,

    /// <summary>Data is lost beyond recovery. Never made by the library.</summary>
    DataLoss = 15,
}
