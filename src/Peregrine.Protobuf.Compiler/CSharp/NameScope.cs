// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;

namespace Peregrine.Protobuf.Compiler.CSharp;

/// <summary>The names already taken in one C# declaration space; a second taker gets an underscore appended.</summary>
internal sealed class NameScope(IEnumerable<string> reserved)
{
    private readonly HashSet<string> _taken = new(reserved, StringComparer.Ordinal);

    /// <summary>Takes the name, or the first free one that the name plus underscores gives.</summary>
    public string Take(string name)
    {
        while (!_taken.Add(name))
        {
            name += "_";
        }

        return name;
    }

    /// <summary>
    /// The name, which is taken already, unless it is no possible one: then the first possible and free one that underscores give.
    /// </summary>
    public string Keep(string name, Func<string, bool> isPossible)
    {
        if (isPossible(name))
        {
            return name;
        }

        do
        {
            name += "_";
        }
        while (!isPossible(name) || !_taken.Add(name));
        return name;
    }
}
