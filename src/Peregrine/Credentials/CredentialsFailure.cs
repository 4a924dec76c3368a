// SPDX-License-Identifier: Apache-2.0
using System;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;

namespace Peregrine.Credentials;

/// <summary>What it means for a call that its credentials could not be had.</summary>
internal static class CredentialsFailure
{
    /// <summary>
    /// UNAVAILABLE when what gives the credentials was not reached or is overloaded: the same call may succeed later. UNAUTHENTICATED for all
    /// else.
    /// </summary>
    public static StatusCode CodeOf(Exception failure) => failure switch
    {
        HttpRequestException { StatusCode: { } answer } => IsTemporary(answer) ? StatusCode.Unavailable : StatusCode.Unauthenticated,

        // HttpClient says by a cancellation that its own time is over.
        HttpRequestException or IOException or SocketException or TimeoutException or OperationCanceledException => StatusCode.Unavailable,
        _ => StatusCode.Unauthenticated,
    };

    private static bool IsTemporary(HttpStatusCode answer) =>
        (int)answer >= 500 || answer is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout;
}
