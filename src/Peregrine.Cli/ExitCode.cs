// SPDX-License-Identifier: Apache-2.0

namespace Peregrine.Cli;

/// <summary>How the tool ends; scripts may rely on the numbers.</summary>
internal static class ExitCode
{
    /// <summary>All is done; there may have been warnings.</summary>
    public const int Success = 0;

    /// <summary>The input has errors, a file cannot be read or written, or a schema is not to be had; they are on standard error.</summary>
    public const int Failure = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>A call ended with another status than OK, or most calls that failed did: this, and the number of the status, such as 78 for UNAVAILABLE (14).</summary>
    public const int StatusBase = 64;

    /// <summary>The user ended the command by Ctrl-C, as shells have it.</summary>
    public const int Interrupted = 130;

    /// <summary>Nobody reads the output any longer, as shells have it of SIGPIPE.</summary>
    public const int ClosedPipe = 141;

    /// <summary>The exit code of a call.</summary>
    /// <param name="status">The status of the call.</param>
    public static int Of(StatusCode status) => status == StatusCode.OK ? Success : StatusBase + (int)status;
}
