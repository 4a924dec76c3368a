// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Help;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Cli.Schema;

namespace Peregrine.Cli.Commands;

/// <summary>
/// The commands for those who develop services: declared with System.CommandLine, run here, and their failures told here.
/// <c>compile</c> reads its arguments itself and does not pass through this (docs/adr/0013).
/// </summary>
internal static class DeveloperCommands
{
    // An argument that begins with @ is the user's data, not a file of arguments.
    private static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null };

    private static readonly string[] Names = ["call", "serve", "list", "describe", "convert", "format", "lint", "breaking", "cert", "completion", "compile", "plugin"];

    /// <summary>The tool with its commands.</summary>
    /// <param name="terminal">Where commands read and write.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <param name="name">
    /// The only command that is needed, so that a call does not pay for the options of all others; null, or a name that no command has, for all.
    /// </param>
    public static RootCommand Create(Terminal terminal, TimeProvider? time = null, string? name = null)
    {
        var root = new RootCommand("gRPC for .NET, whole: the command-line tool.");
        foreach (var each in Array.IndexOf(Names, name) >= 0 ? [name!] : Names)
        {
            root.Add(Make(each, terminal, time ?? TimeProvider.System));
        }

        foreach (var help in root.Options.OfType<HelpOption>())
        {
            help.Action = new HelpCommandAction(terminal);
        }

        return root;
    }

    /// <summary>Runs a command line.</summary>
    /// <param name="args">The arguments, the name of the command first.</param>
    /// <param name="terminal">Where it reads and writes.</param>
    /// <param name="cancellationToken">The user's Ctrl-C.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <returns>A value of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, Terminal terminal, CancellationToken cancellationToken, TimeProvider? time = null)
    {
        var root = Create(terminal, time, args is [var name, ..] ? name : null);
        var result = root.Parse(args, Parsing);
        if (result.Errors.Count > 0 && result.Action is not HelpCommandAction)
        {
            return RefuseUsage(root, result, args, terminal);
        }

        try
        {
            return await result.InvokeAsync(
                new InvocationConfiguration { Output = terminal.Output, Error = terminal.Errors, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null },
                cancellationToken).ConfigureAwait(false);
        }
        catch (ToolException exception)
        {
            terminal.Error(exception.Message);
            return exception.Code;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            terminal.Error(exception.Message);
            return ExitCode.Failure;
        }
    }

    private static Command Make(string name, Terminal terminal, TimeProvider time) => name switch
    {
        "call" => new CallCommand(terminal),
        "serve" => new ServeCommand(terminal, time),
        "list" => new ListCommand(terminal),
        "describe" => new DescribeCommand(terminal),
        "convert" => new ConvertCommand(terminal),
        "format" => new FormatCommand(terminal),
        "lint" => new LintCommand(terminal),
        "breaking" => new BreakingCommand(terminal),
        "cert" => new CertCommand(terminal, time),
        "completion" => new CompletionCommand(terminal),
        "compile" => new ForwardedCommand(name, "Compile .proto files to C#, to descriptors, or with plugins: takes protoc's flags."),
        _ => new ForwardedCommand(name, "Be a plugin of protoc or buf: read a request on standard input, write C# on standard output. The name protoc-gen-peregrine does the same."),
    };

    private static int RefuseUsage(RootCommand root, ParseResult result, IReadOnlyList<string> args, Terminal terminal)
    {
        var command = result.CommandResult.Command;
        if (ReferenceEquals(command, root) && args is [var name, ..])
        {
            var near = NearNames.Of(name, root.Subcommands.Select(each => each.Name));
            terminal.Error($"\"{Terminal.Escape(name)}\" is no command.{(near.Count > 0 ? $" Did you mean {NearNames.Join(near)}?" : "")}");
            terminal.Errors.WriteLine("Run \"peregrine --help\" for what is possible.");
            return ExitCode.Usage;
        }

        var missing = command.Arguments.Where(argument => argument.Arity.MinimumNumberOfValues > 0 && result.GetResult(argument) is not { Tokens.Count: > 0 }).ToList();
        missing.ForEach(argument => terminal.Error($"{argument.Name} is missing: {argument.Description}"));
        foreach (var error in missing.Count > 0 ? [] : result.Errors)
        {
            terminal.Error(error.Message);
        }

        terminal.Errors.WriteLine($"Run \"peregrine {command.Name} --help\" for what is possible.");
        return ExitCode.Usage;
    }
}
