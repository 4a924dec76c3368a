// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Globalization;
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
    /// <summary>How command lines are read: an argument that begins with @ is the user's data, not a file of arguments.</summary>
    internal static readonly ParserConfiguration Parsing = new() { ResponseFileTokenReplacer = null };

    // Made when they are needed: their options take time.
    private static readonly (string Name, Func<Terminal, TimeProvider, Command> Make)[] All =
    [
        ("call", static (terminal, _) => new CallCommand(terminal)),
        ("bench", static (terminal, _) => new BenchCommand(terminal)),
        ("bench-compare", static (terminal, _) => new BenchCompareCommand(terminal)),
        ("serve", static (terminal, time) => new ServeCommand(terminal, time)),
        ("list", static (terminal, _) => new ListCommand(terminal)),
        ("describe", static (terminal, _) => new DescribeCommand(terminal)),
        ("convert", static (terminal, _) => new ConvertCommand(terminal)),
        ("format", static (terminal, _) => new FormatCommand(terminal)),
        ("lint", static (terminal, _) => new LintCommand(terminal)),
        ("breaking", static (terminal, _) => new BreakingCommand(terminal)),
        ("cert", static (terminal, time) => new CertCommand(terminal, time)),
        ("completion", static (terminal, _) => new CompletionCommand(terminal)),
        ("compile", static (_, _) => new ForwardedCommand("compile", "Compile .proto files to C#, to descriptors, or with plugins: takes protoc's flags.")),
        ("plugin", static (_, _) => new ForwardedCommand(
            "plugin", "Be a plugin of protoc or buf: read a request on standard input, write C# on standard output. The name protoc-gen-peregrine does the same.")),
    ];

    /// <summary>The tool with its commands.</summary>
    /// <param name="terminal">Where commands read and write.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <param name="name">
    /// The only command that is needed, so that a call does not pay for the options of all others; null, or a name that no command has, for all.
    /// </param>
    public static RootCommand Create(Terminal terminal, TimeProvider? time = null, string? name = null)
    {
        var root = new RootCommand("gRPC for .NET, whole: the command-line tool.");
        var isKnown = Array.Exists(All, command => command.Name == name);
        foreach (var command in All)
        {
            if (!isKnown || command.Name == name)
            {
                root.Add(command.Make(terminal, time ?? TimeProvider.System));
            }
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
        if ((result.Errors.Count > 0 || UnknownOptions(result, args).Count > 0) && result.Action is not HelpCommandAction)
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

    // What looks like an option and is none; some of it was taken for an argument. Behind -- all are arguments.
    private static List<string> UnknownOptions(ParseResult result, IReadOnlyList<string> args) => args.Contains("--") ? [] :
    [
        .. result.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens).Select(token => token.Value)
            .Concat(result.UnmatchedTokens).Where(text => text is ['-', not (>= '0' and <= '9'), ..]).Select(text => text.Split('=')[0]).Distinct(),
    ];

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
        var unknown = UnknownOptions(result, args);
        foreach (var option in unknown)
        {
            var near = NearNames.Of(option, command.Options.SelectMany(each => each.Aliases.Append(each.Name)).Where(each => each.StartsWith("--", StringComparison.Ordinal)));
            terminal.Error($"There is no option {Terminal.Escape(option)}.{(near.Count > 0 ? $" Did you mean {NearNames.Join(near)}?" : "")}");
        }

        foreach (var error in missing.Count + unknown.Count > 0 ? [] : result.Errors)
        {
            terminal.Error(Explain(error));
        }

        terminal.Errors.WriteLine($"Run \"peregrine {FullName(command)} --help\" for what is possible.");
        return ExitCode.Usage;
    }

    // With the commands above it, such as "cert set".
    private static string FullName(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent and not RootCommand ? $"{FullName(parent)} {command.Name}" : command.Name;

    // The library would tell the types of .NET.
    private static string Explain(ParseError error)
    {
        if ((error.SymbolResult as OptionResult ?? error.SymbolResult?.Parent as OptionResult) is not { Tokens: [.., { Value: var text }], Option: var option }
            || !error.Message.Contains("as expected type", StringComparison.Ordinal))
        {
            return error.Message;
        }

        var type = Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType;
        return $"{option.Name}: \"{Terminal.Escape(text)}\" is no " + (
            type.IsEnum ? $"choice. Write one of {string.Join(", ", Enum.GetNames(type).Select(name => name.ToLowerInvariant()))}."
            : type == typeof(int) ? string.Create(CultureInfo.InvariantCulture, $"whole number of at most {int.MaxValue:N0}.")
            : type == typeof(long) ? string.Create(CultureInfo.InvariantCulture, $"whole number of at most {long.MaxValue:N0}.")
            : "number.");
    }
}
