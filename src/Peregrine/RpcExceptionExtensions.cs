// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine;

/// <summary>Reads the rich error of a failed call.</summary>
public static class RpcExceptionExtensions
{
    /// <summary>The rich error that the server sent in the trailer <c>grpc-status-details-bin</c>.</summary>
    /// <param name="ex">The failure.</param>
    /// <returns>
    /// The error, newly parsed; null when there is none, or when its bytes are malformed: what is asked for in a catch clause must
    /// not throw and hide the failure. <see cref="RpcException.Status"/> is the status of the call in any case.
    /// </returns>
    /// <example>
    /// <code>
    /// catch (RpcException ex)
    /// {
    ///     foreach (var violation in ex.GetRpcStatus()?.GetDetail&lt;BadRequest&gt;()?.FieldViolations ?? [])
    ///     {
    ///         Console.WriteLine($"{violation.Field}: {violation.Description}");
    ///     }
    /// }
    /// </code>
    /// </example>
    public static Google.Rpc.Status? GetRpcStatus(this RpcException ex)
    {
        ArgumentNullException.ThrowIfNull(ex);
        return ex.Trailers.GetRpcStatus(ignoreParseError: true);
    }
}
