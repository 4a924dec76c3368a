// SPDX-License-Identifier: Apache-2.0

using System.Text;

namespace Peregrine.Cli.Calls;

/// <summary>The names of status codes as gRPC's documents write them.</summary>
internal static class StatusNames
{
    /// <summary>Such as <c>INVALID_ARGUMENT</c>; the number for a code that has no name.</summary>
    public static string Of(StatusCode code)
    {
        if (code == StatusCode.OK)
        {
            return "OK";
        }

        var name = new StringBuilder();
        foreach (var c in code.ToString())
        {
            _ = char.IsUpper(c) && name.Length > 0 ? name.Append('_').Append(c) : name.Append(char.ToUpperInvariant(c));
        }

        return name.ToString();
    }
}
