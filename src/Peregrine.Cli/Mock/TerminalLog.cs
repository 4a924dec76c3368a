// SPDX-License-Identifier: Apache-2.0

using System;
using Microsoft.Extensions.Logging;

namespace Peregrine.Cli.Mock;

/// <summary>Shows the warnings and errors of a server, such as clients whose TLS fails. Thread-safe.</summary>
internal sealed class TerminalLog(Terminal terminal) : ILoggerFactory, ILogger
{
    // "The method held its connection's reading thread": of a mock nobody can change that.
    private const int MethodBlocks = 106;

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => this;

    /// <inheritdoc/>
    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel) && eventId.Id != MethodBlocks)
        {
            // What a bug threw is told with its name; the reason of a refused client stands in the message.
            terminal.Warn(formatter(state, exception) + (logLevel >= LogLevel.Error && exception is not null ? $" {exception.GetType().Name}: {exception.Message}" : ""));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
