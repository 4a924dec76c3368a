// SPDX-License-Identifier: Apache-2.0

using System;
using System.IO;
using System.Linq;

namespace Peregrine.Cli;

/// <summary>Standard input and output as bytes, opened by the commands that need them.</summary>
/// <param name="OpenInput">Opens what messages are read from.</param>
/// <param name="OpenOutput">Opens what messages are written to.</param>
internal sealed record ByteStreams(Func<Stream> OpenInput, Func<Stream> OpenOutput)
{
    /// <summary>Those of the process.</summary>
    public static ByteStreams OfProcess { get; } = new(OpenStandardInput, Console.OpenStandardOutput);

    // Where the caller closed standard input the runtime has a pipe of its own, which nobody writes: a read of it would never end. What was
    // inherited is never closed on exec (open(2)), as all is that the runtime opens.
    private static Stream OpenStandardInput()
    {
        const int CloseOnExec = 0x80000;
        const string Description = "/proc/self/fdinfo/0";
        if (OperatingSystem.IsLinux() && File.Exists(Description)
            && File.ReadLines(Description).FirstOrDefault(line => line.StartsWith("flags:", StringComparison.Ordinal)) is { } flags
            && (Convert.ToInt32(flags["flags:".Length..].Trim(), 8) & CloseOnExec) != 0)
        {
            throw new IOException("Standard input is closed. Give a file, or < /dev/null for no input.");
        }

        return Console.OpenStandardInput();
    }
}
