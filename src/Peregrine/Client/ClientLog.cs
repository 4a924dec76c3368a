// SPDX-License-Identifier: Apache-2.0
using Microsoft.Extensions.Logging;
using Peregrine.Diagnostics;

namespace Peregrine.Client;

/// <summary>What a channel logs about its calls; event ids 1100 to 1199.</summary>
internal static partial class ClientLog
{
    [LoggerMessage(1100, LogLevel.Debug, "The call {Method} to '{Target}' ended with {StatusCode}: {Detail}\n{Timeline}")]
    internal static partial void CallFailed(
        ILogger logger, string method, string target, StatusCode statusCode, string detail, CallTimeline timeline);
}
