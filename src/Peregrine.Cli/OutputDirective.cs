// SPDX-License-Identifier: Apache-2.0

using System;

namespace Peregrine.Cli;

/// <summary>One <c>--NAME_out=[PARAMETER:]LOCATION</c>.</summary>
/// <param name="Name">The name of the generator.</param>
/// <param name="Parameter">The parameter in front of the colon; empty if there is none.</param>
/// <param name="Location">A directory, or an archive by its ending.</param>
internal sealed record OutputDirective(string Name, string Parameter, string Location)
{
    /// <summary>The option, for messages.</summary>
    public string Flag => $"--{Name}_out";

    /// <summary>Reads the value of the option.</summary>
    /// <param name="name">The name of the generator.</param>
    /// <param name="value">The value.</param>
    /// <param name="windows">Whether a letter in front of the only colon, with a slash behind it, is a drive.</param>
    public static OutputDirective Parse(string name, string value, bool windows)
    {
        var colon = value.IndexOf(':', StringComparison.Ordinal);
        if (windows && colon == 1 && char.IsAsciiLetter(value[0]) && value is [_, _, '/' or '\\', ..] && value.LastIndexOf(':') == colon)
        {
            colon = -1;
        }

        return colon < 0 ? new(name, "", value) : new(name, value[..colon], value[(colon + 1)..]);
    }
}
