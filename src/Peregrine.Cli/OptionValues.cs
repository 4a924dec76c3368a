// SPDX-License-Identifier: Apache-2.0

using System.CommandLine;

namespace Peregrine.Cli;

/// <summary>Values of options and arguments that have a default, or are required: never null.</summary>
internal static class OptionValues
{
    /// <summary>The value of an option on a command line.</summary>
    public static T Of<T>(this Option<T> option, ParseResult line)
        where T : notnull => line.GetValue(option)!;

    /// <summary>The value of an argument on a command line.</summary>
    public static T Of<T>(this Argument<T> argument, ParseResult line)
        where T : notnull => line.GetValue(argument)!;
}
