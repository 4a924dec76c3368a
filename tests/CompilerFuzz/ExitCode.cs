// SPDX-License-Identifier: Apache-2.0
namespace CompilerFuzz;

/// <summary>How the program ends.</summary>
internal static class ExitCode
{
    /// <summary>Nothing was found that the limits do not allow.</summary>
    public const int Success = 0;

    /// <summary>Something was found.</summary>
    public const int Found = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>A compilation did not end.</summary>
    public const int Hang = 3;
}
