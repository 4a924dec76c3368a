// SPDX-License-Identifier: Apache-2.0

using System.CommandLine;
using System.CommandLine.Invocation;

namespace Peregrine.Cli.Commands;

/// <summary>What <c>--help</c> does.</summary>
internal sealed class HelpCommandAction(Terminal terminal) : SynchronousCommandLineAction
{
    /// <summary>Help is given however wrong the rest of the line is.</summary>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        HelpWriter.Write(parseResult.CommandResult.Command, terminal);
        return ExitCode.Success;
    }
}
