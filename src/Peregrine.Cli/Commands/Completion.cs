// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Threading;

namespace Peregrine.Cli.Commands;

/// <summary><c>peregrine complete WORDS</c>, which the scripts of <see cref="CompletionCommand"/> run: what the last word may become.</summary>
internal static class Completion
{
    /// <summary>How long a server is asked for its services: who presses the key waits for it.</summary>
    public static readonly TimeSpan AskingLimit = TimeSpan.FromSeconds(1);

    /// <summary>Prints the candidates, one a line. Services and methods are those of the .proto files, or of the server, that the words name.</summary>
    /// <param name="words">The words behind the tool's name; the last is the one to complete, maybe empty.</param>
    /// <param name="terminal">Where to.</param>
    /// <param name="limit">How long a server may be asked.</param>
    /// <returns>A value of <see cref="ExitCode"/>.</returns>
    public static int Run(IReadOnlyList<string> words, Terminal terminal, TimeSpan limit)
    {
        words = Join(words);
        var root = DeveloperCommands.Create(terminal);
        var last = words is [.., var word] ? word : "";
        Command command = words.Count > 1 ? root.Subcommands.FirstOrDefault(each => each.Name == words[0]) ?? (Command)root : root;
        foreach (var candidate in Candidates(root, command, words, limit).Where(each => each.StartsWith(last, StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal))
        {
            terminal.Output.WriteLine(candidate);
        }

        return ExitCode.Success;
    }

    private static IEnumerable<string> Candidates(RootCommand root, Command command, IReadOnlyList<string> words, TimeSpan limit)
    {
        if (ReferenceEquals(command, root))
        {
            return words.Count > 1 ? [] : root.Subcommands.Select(each => each.Name).Concat(["--help", "--version"]);
        }

        // The value of an option, if that knows its values; files are the shell's to complete.
        var before = words.Count > 1 ? words[^2] : "";
        var option = command.Options.FirstOrDefault(each => each.Name == before || each.Aliases.Contains(before));
        if (option is not null && option.ValueType != typeof(bool))
        {
            return option.GetCompletions(System.CommandLine.Completions.CompletionContext.Empty).Select(item => item.Label);
        }

        return command.Options.Select(each => each.Name)
            .Concat(command.Arguments.SelectMany(argument => argument.GetCompletions(System.CommandLine.Completions.CompletionContext.Empty)).Select(item => item.Label))
            .Append("--help")
            .Concat(words[^1].StartsWith('-') || command is not INamesSymbols naming ? [] : Symbols(root, naming, words, limit));
    }

    private static IReadOnlyList<string> Symbols(RootCommand root, INamesSymbols naming, IReadOnlyList<string> words, TimeSpan limit)
    {
        using var asking = new CancellationTokenSource(limit);
        try
        {
            return naming.CompleteAsync(root.Parse([.. words.SkipLast(1)], DeveloperCommands.Parsing), asking.Token).GetAwaiter().GetResult();
        }
        catch (Exception exception) when (exception is ToolException or OperationCanceledException or RpcException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            // Nobody asked for this by a command: there is nothing to complete, whatever the reason.
            return [];
        }
    }

    // bash parts words at colons and equals signs, and gives the signs as words.
    private static List<string> Join(IReadOnlyList<string> words)
    {
        List<string> joined = [];
        var isOpen = false;
        foreach (var word in words)
        {
            var isSign = word.Length > 0 && word.AsSpan().Trim([':', '=']).IsEmpty;
            if (joined.Count > 0 && (isSign || isOpen))
            {
                joined[^1] += word;
            }
            else
            {
                joined.Add(word);
            }

            isOpen = isSign;
        }

        return joined;
    }
}
