// SPDX-License-Identifier: Apache-2.0
using System;
using Microsoft.Extensions.Logging;
using Peregrine.Diagnostics;

namespace Peregrine.Client;

/// <summary>What a channel logs about its calls and credentials; event ids 1100 to 1199.</summary>
internal static partial class ClientLog
{
    [LoggerMessage(1100, LogLevel.Debug, "The call {Method} to '{Target}' ended with {StatusCode}: {Detail}\n{Timeline}")]
    internal static partial void CallFailed(
        ILogger logger, string method, string target, StatusCode statusCode, string detail, CallTimeline timeline);

    [LoggerMessage(1101, LogLevel.Warning, "Certificates, or what is trusted, cannot be read again for '{Target}'; what was read before is used on. {Reason}")]
    internal static partial void CertificateNotRead(ILogger logger, string target, string reason, Exception exception);
}
