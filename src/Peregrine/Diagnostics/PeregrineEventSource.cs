// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.Tracing;

namespace Peregrine.Diagnostics;

/// <summary>
/// Where warnings and errors go when no logger is configured, so that they are never lost: visible to <c>dotnet-trace</c>,
/// <c>dotnet-counters</c> and any <see cref="EventListener"/> under the name <c>Peregrine</c>.
/// </summary>
[EventSource(Name = "Peregrine")]
internal sealed class PeregrineEventSource : EventSource
{
    public static readonly PeregrineEventSource Log = new();

    private PeregrineEventSource()
    {
    }

    [Event(1, Level = EventLevel.Warning, Message = "{0}: {1}")]
    public void Warning(string category, string message, string exception) => WriteEvent(1, category, message, exception);

    [Event(2, Level = EventLevel.Error, Message = "{0}: {1}")]
    public void Error(string category, string message, string exception) => WriteEvent(2, category, message, exception);
}
