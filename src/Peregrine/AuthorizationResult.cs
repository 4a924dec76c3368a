// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine;

/// <summary>
/// What an <see cref="AuthorizationPolicy"/> decided. The default value allows nothing: it denies. An immutable value.
/// </summary>
/// <remarks>
/// UNAUTHENTICATED says that the server does not know who calls: credentials are missing, malformed or expired, and other ones may help.
/// PERMISSION_DENIED says that it knows the caller, who may not do this: the same credentials will not help, nor will a new token.
/// </remarks>
public readonly struct AuthorizationResult
{
    private readonly Status _status;

    private AuthorizationResult(bool isAllowed, Status status)
    {
        IsAllowed = isAllowed;
        _status = status;
    }

    /// <summary>The call may be made.</summary>
    public static AuthorizationResult Allowed { get; } = new(isAllowed: true, Status.DefaultSuccess);

    /// <summary>Whether the call may be made.</summary>
    public bool IsAllowed { get; }

    /// <summary>The status with which a call ends that may not be made; OK for one that may.</summary>
    public Status Status => IsAllowed || _status.StatusCode != StatusCode.OK ? _status : new Status(StatusCode.PermissionDenied, "");

    /// <summary>Nobody knows who calls: UNAUTHENTICATED.</summary>
    /// <param name="detail">Why, for the client: what is missing or wrong, and never the secret itself.</param>
    /// <returns>The result.</returns>
    public static AuthorizationResult Unauthenticated(string detail)
    {
        ArgumentNullException.ThrowIfNull(detail);
        return new AuthorizationResult(isAllowed: false, new Status(StatusCode.Unauthenticated, detail));
    }

    /// <summary>The caller is known, and may not do this: PERMISSION_DENIED.</summary>
    /// <param name="detail">Why, for the client.</param>
    /// <returns>The result.</returns>
    public static AuthorizationResult Denied(string detail)
    {
        ArgumentNullException.ThrowIfNull(detail);
        return new AuthorizationResult(isAllowed: false, new Status(StatusCode.PermissionDenied, detail));
    }
}
