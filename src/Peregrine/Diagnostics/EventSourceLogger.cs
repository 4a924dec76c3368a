// SPDX-License-Identifier: Apache-2.0
using System;
using Microsoft.Extensions.Logging;

namespace Peregrine.Diagnostics;

/// <summary>The logger that is used when none is configured: warnings and errors to <see cref="PeregrineEventSource"/>.</summary>
internal sealed class EventSourceLogger(string category) : ILogger
{
    /// <summary>The logger of a category, which does not throw: the factory's, or else one of this kind.</summary>
    public static ILogger Create(ILoggerFactory? factory, string category) =>
        factory?.CreateLogger(category) is { } logger ? new GuardedLogger(logger, category) : new EventSourceLogger(category);

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning && PeregrineEventSource.Log.IsEnabled();

    /// <inheritdoc/>
    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        var message = formatter(state, exception);
        if (logLevel == LogLevel.Warning)
        {
            PeregrineEventSource.Log.Warning(category, message, exception?.ToString() ?? "");
        }
        else
        {
            PeregrineEventSource.Log.Error(category, message, exception?.ToString() ?? "");
        }
    }
}
