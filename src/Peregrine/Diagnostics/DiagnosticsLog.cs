// SPDX-License-Identifier: Apache-2.0
using System;
using Microsoft.Extensions.Logging;

namespace Peregrine.Diagnostics;

/// <summary>What a channel or a server logs about those who observe it; event ids 1300 to 1399.</summary>
internal static partial class DiagnosticsLog
{
    [LoggerMessage(
        1300,
        LogLevel.Error,
        "A listener of activities or metrics, or a propagator of their context, threw an exception at a call of {Observed}. The call goes on; this is logged once.")]
    public static partial void ListenerFailed(ILogger logger, string observed, Exception exception);
}
