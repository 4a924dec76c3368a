// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;

namespace Peregrine.Cli;

/// <summary>The <c>peregrine</c> tool: finds the command and runs it.</summary>
internal static class Program
{
    /// <summary>Runs a command line.</summary>
    /// <param name="args">The arguments, without the name of the tool.</param>
    /// <param name="output">Where help and the version go.</param>
    /// <param name="errors">Where errors and warnings go.</param>
    /// <returns>A value of <see cref="ExitCode"/>.</returns>
    public static int Run(IEnumerable<string> args, TextWriter output, TextWriter errors)
    {
        var root = new RootCommand("gRPC for .NET, whole: the command-line tool.")
        {
            CompileCommand.Create(errors),
        };

        // Bundling would read -Iout as -I -o ut; what protoc allows is split by hand.
        var result = root.Parse([.. Arguments.Split(args)], new ParserConfiguration
        {
            EnablePosixBundling = false,
            ResponseFileTokenReplacer = Arguments.TryReadFile,
        });
        if (result.Errors.Count > 0)
        {
            foreach (var error in result.Errors)
            {
                errors.WriteLine("peregrine: " + error.Message);
            }

            errors.WriteLine("Run \"peregrine --help\", or \"peregrine compile --help\", for what is possible.");
            return ExitCode.Usage;
        }

        return result.Invoke(new InvocationConfiguration { Output = output, Error = errors });
    }

    private static int Main(string[] args) => Run(args, Console.Out, Console.Error);
}
