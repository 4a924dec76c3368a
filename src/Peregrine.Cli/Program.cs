// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Threading;
using Peregrine.Cli.Commands;
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Compiler.Plugin;

namespace Peregrine.Cli;

/// <summary>The <c>peregrine</c> tool: finds the command and runs it.</summary>
internal static class Program
{
    private const string PluginName = "protoc-gen-peregrine";

    // Of Linux: the command line, NUL behind each part.
    private const string CommandLineFile = "/proc/self/cmdline";

    /// <summary>Runs a command line.</summary>
    /// <param name="args">The arguments, without the name of the tool.</param>
    /// <param name="output">Where help and the version go.</param>
    /// <param name="errors">Where errors and warnings go.</param>
    /// <param name="streams">Where messages are read from and written to.</param>
    /// <param name="cancellationToken">The user's Ctrl-C, for commands that take a while; <c>compile</c> does not look at it.</param>
    /// <returns>A value of <see cref="ExitCode"/>.</returns>
    public static int Run(IReadOnlyList<string> args, TextWriter output, TextWriter errors, ByteStreams streams, CancellationToken cancellationToken = default)
    {
        switch (args is [] ? "--help" : args[0])
        {
            case "compile":
                // By itself: what this command does not use is not loaded.
                return CompileCommand.Run([.. args.Skip(1)], output, errors, streams);
            case "--version":
                output.WriteLine(typeof(Program).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion);
                return ExitCode.Success;
            case "complete":
                return Completion.Run([.. args.Skip(1)], Terminal.Of(output, errors, streams), Completion.AskingLimit);
            case "help":
                args = [.. args.Skip(1), "--help"];
                break;
        }

        return DeveloperCommands.RunAsync(args is [] ? ["--help"] : args, Terminal.Of(output, errors, streams), cancellationToken).GetAwaiter().GetResult();
    }

    private static int Main(string[] args)
    {
        Console.SetError(new LenientWriter(Console.Error));
        try
        {
            return args is ["plugin"] || (args is [] && IsStartedAsPlugin()) ? RunPlugin()
                : args is ["compile", ..] ? Run(args, Console.Out, Console.Error, ByteStreams.OfProcess)
                : RunInterruptibly(args);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or OutOfMemoryException)
        {
            // A standard output that is full or closed, or an input too large for this machine: no bug of which a stack would tell.
            return Fail(exception);
        }
    }

    // The first Ctrl-C ends the command's call as calls are ended, and so does a reader that goes away; the second Ctrl-C ends the process.
    private static int RunInterruptibly(string[] args)
    {
        using var interrupted = new CancellationTokenSource();
        Console.CancelKeyPress += (_, key) =>
        {
            key.Cancel = !interrupted.IsCancellationRequested;
            interrupted.Cancel();
        };
        if (PipeOutput.TryOpen(interrupted.Cancel) is not { } pipe)
        {
            return Run(args, Console.Out, Console.Error, ByteStreams.OfProcess, interrupted.Token);
        }

        using var output = pipe.ToWriter();
        var code = Run(args, output, Console.Error, ByteStreams.OfProcess, interrupted.Token);
        return pipe.IsClosed ? ExitCode.ClosedPipe : code;
    }

    private static int RunPlugin()
    {
        using var input = Console.OpenStandardInput();
        using var output = Console.OpenStandardOutput();
        return PluginMain.Run(input, output, Console.Error);
    }

    private static int Fail(Exception exception)
    {
        Console.Error.WriteLine("peregrine: " + DisplayText.OneLine(exception.Message));
        return ExitCode.Failure;
    }

    // The program itself may be called so, as that of a .NET tool is, or a symbolic link to it: then the system knows only what it is.
    private static bool IsStartedAsPlugin() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == PluginName
        || (File.Exists(CommandLineFile) && Path.GetFileName(File.ReadAllText(CommandLineFile).Split('\0')[0]) == PluginName);
}
