// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Compiler.Plugin;

namespace Peregrine.Cli;

/// <summary>The <c>peregrine</c> tool: finds the command and runs it.</summary>
internal static class Program
{
    private const string PluginName = "protoc-gen-peregrine";

    // Of Linux: the command line, NUL behind each part.
    private const string CommandLineFile = "/proc/self/cmdline";

    private const string Help = """
        gRPC for .NET, whole: the command-line tool.

        Usage:
          peregrine COMMAND [ARGUMENTS]

        Commands:
          compile         Compile .proto files to C#, to descriptors, or with plugins: takes protoc's flags.
          plugin          Be a plugin of protoc or buf: read a request on standard input, write C# on standard output. The name
                          protoc-gen-peregrine does the same.

        Options:
          --version       Print the version.
          -h, --help      Print this text; behind a command, the text of that command.
        """;

    /// <summary>Runs a command line.</summary>
    /// <param name="args">The arguments, without the name of the tool.</param>
    /// <param name="output">Where help and the version go.</param>
    /// <param name="errors">Where errors and warnings go.</param>
    /// <param name="streams">Where messages are read from and written to.</param>
    /// <returns>A value of <see cref="ExitCode"/>.</returns>
    public static int Run(IReadOnlyList<string> args, TextWriter output, TextWriter errors, ByteStreams streams)
    {
        switch (args is [] ? "--help" : args[0])
        {
            case "compile":
                return CompileCommand.Run([.. args.Skip(1)], output, errors, streams);
            case "-h" or "--help" or "-?" or "help":
                output.WriteLine(Help);
                return ExitCode.Success;
            case "--version":
                output.WriteLine(typeof(Program).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion);
                return ExitCode.Success;
            default:
                errors.WriteLine($"peregrine: \"{DisplayText.OneLine(args[0])}\" is no command.");
                errors.WriteLine("Run \"peregrine --help\" for what is possible.");
                return ExitCode.Usage;
        }
    }

    private static int Main(string[] args)
    {
        try
        {
            return args is ["plugin"] || (args is [] && IsStartedAsPlugin()) ? RunPlugin() : Run(args, Console.Out, Console.Error, ByteStreams.OfProcess);
        }
        catch (Exception exception) when (exception is IOException or OutOfMemoryException)
        {
            // A full disk behind standard output, or an input too large for this machine: no bug of which a stack would tell.
            return Fail(exception);
        }
    }

    private static int RunPlugin()
    {
        using var input = Console.OpenStandardInput();
        using var output = Console.OpenStandardOutput();
        return PluginMain.Run(input, output, Console.Error);
    }

    private static int Fail(Exception exception)
    {
        try
        {
            Console.Error.WriteLine("peregrine: " + DisplayText.OneLine(exception.Message));
        }
        catch (IOException)
        {
            // Standard error itself is what cannot be written: the exit code says so.
        }

        return ExitCode.Failure;
    }

    // The program itself may be called so, as that of a .NET tool is, or a symbolic link to it: then the system knows only what it is.
    private static bool IsStartedAsPlugin() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == PluginName
        || (File.Exists(CommandLineFile) && Path.GetFileName(File.ReadAllText(CommandLineFile).Split('\0')[0]) == PluginName);
}
