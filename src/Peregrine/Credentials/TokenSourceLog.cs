// SPDX-License-Identifier: Apache-2.0
using System;
using Microsoft.Extensions.Logging;

namespace Peregrine.Credentials;

/// <summary>What is logged of access tokens: event ids 1200 to 1299. Never a token.</summary>
internal static partial class TokenSourceLog
{
    [LoggerMessage(1200, LogLevel.Debug, "An access token was fetched: {Token}.")]
    internal static partial void Fetched(ILogger logger, AccessToken token);

    [LoggerMessage(1201, LogLevel.Warning, "Fetching an access token failed; the next attempt is made in {Pause} at the earliest. {Reason}")]
    internal static partial void FetchFailed(ILogger logger, TimeSpan pause, string reason, Exception exception);

    [LoggerMessage(1202, LogLevel.Debug, "A server refused the access token with UNAUTHENTICATED; the next call waits for another one.")]
    internal static partial void Refused(ILogger logger);
}
