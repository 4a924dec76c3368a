// SPDX-License-Identifier: Apache-2.0

using System;
using System.CommandLine;

namespace Peregrine.Cli;

/// <summary>The <c>peregrine</c> tool: finds the command and runs it.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        var root = new RootCommand("gRPC for .NET, whole: the command-line tool.")
        {
            CompileCommand.Create(Console.Error),
        };
        var result = root.Parse(args);
        if (result.Errors.Count > 0)
        {
            foreach (var error in result.Errors)
            {
                Console.Error.WriteLine("peregrine: " + error.Message);
            }

            Console.Error.WriteLine("Run \"peregrine --help\", or \"peregrine compile --help\", for what is possible.");
            return ExitCode.Usage;
        }

        return result.Invoke();
    }
}
