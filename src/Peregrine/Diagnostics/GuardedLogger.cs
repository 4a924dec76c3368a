// SPDX-License-Identifier: Apache-2.0
using System;
using Microsoft.Extensions.Logging;

namespace Peregrine.Diagnostics;

/// <summary>
/// The application's logger, kept from doing harm: it is called where calls and connections end, and what it throws there must not keep them from
/// ending. That goes to <see cref="PeregrineEventSource"/>.
/// </summary>
internal sealed class GuardedLogger(ILogger logger, string category) : ILogger
{
    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => logger.BeginScope(state);

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel)
    {
        try
        {
            return logger.IsEnabled(logLevel);
        }
        catch (Exception problem)
        {
            Tell(problem);
            return false;
        }
    }

    /// <inheritdoc/>
    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            logger.Log(logLevel, eventId, state, exception, formatter);
        }
        catch (Exception problem)
        {
            Tell(problem);
        }
    }

    // By its type only: an exception may throw when it is asked for more.
    private void Tell(Exception problem) => PeregrineEventSource.Log.Error(category, "The logger threw an exception.", problem.GetType().FullName ?? "");
}
