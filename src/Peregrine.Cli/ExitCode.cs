// SPDX-License-Identifier: Apache-2.0

namespace Peregrine.Cli;

/// <summary>How the tool ends; scripts may rely on the numbers.</summary>
internal static class ExitCode
{
    /// <summary>All is done; there may have been warnings.</summary>
    public const int Success = 0;

    /// <summary>The input has errors, or a file cannot be read or written; they are on standard error.</summary>
    public const int Failure = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;
}
