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

    /// <summary>Whether the name is taken.</summary>
    public bool Contains(string name) => _taken.Contains(name);
}
