// SPDX-License-Identifier: Apache-2.0

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
    /// <remarks>A single letter before the colon is a Windows drive, as long as no second colon follows.</remarks>
    public static OutputDirective Parse(string name, string value)
    {
        var colon = value.IndexOf(':', System.StringComparison.Ordinal);
        var isDrive = colon == 1 && char.IsAsciiLetter(value[0]) && value is [_, _, '/' or '\\', ..];
        if (isDrive)
        {
            colon = -1;
        }

        return colon < 0 ? new(name, "", value) : new(name, value[..colon], value[(colon + 1)..]);
    }
}
