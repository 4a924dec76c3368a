// SPDX-License-Identifier: Apache-2.0

using System;
using System.Diagnostics.CodeAnalysis;

namespace Peregrine.Cli;

/// <summary>
/// Ends a command with a message for its user: what, where, what to do. Thrown where it happens, told at one place
/// (<see cref="Commands.DeveloperCommands"/>).
/// </summary>
/// <param name="message">The message; it may hold text of others, which is escaped when it is shown.</param>
/// <param name="exitCode">A value of <see cref="ExitCode"/>.</param>
[SuppressMessage("Design", "CA1064:Exceptions should be public", Justification = "Never leaves the program.")]
internal sealed class ToolException(string message, int exitCode = ExitCode.Failure) : Exception(message)
{
    /// <summary>How the program ends.</summary>
    public int Code { get; } = exitCode;
}
