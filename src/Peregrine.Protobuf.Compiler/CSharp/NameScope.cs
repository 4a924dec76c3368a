// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Globalization;

namespace Peregrine.Protobuf.Compiler.CSharp;

/// <summary>
/// The names already taken in one C# declaration space. A second taker gets an underscore appended, further ones an underscore and their
/// number: <c>Name</c>, <c>Name_</c>, <c>Name_3</c>, <c>Name_4</c>.
/// </summary>
internal sealed class NameScope(IEnumerable<string> reserved)
{
    private readonly HashSet<string> _taken = new(reserved, StringComparer.Ordinal);

    // How many have asked for a name that was taken: without it, many takers of one name would each try all that those before have got.
    private readonly Dictionary<string, int> _takers = new(StringComparer.Ordinal);

    /// <summary>Takes the name, or the first free one that follows from it.</summary>
    public string Take(string name) => _taken.Add(name) ? name : TakeNext(name, static _ => true);

    /// <summary>The name, which is taken already, unless it is no possible one: then the first possible and free one that follows from it.</summary>
    public string Keep(string name, Func<string, bool> isPossible) => isPossible(name) ? name : TakeNext(name, isPossible);

    private string TakeNext(string name, Func<string, bool> isPossible)
    {
        int taker = _takers.GetValueOrDefault(name, 1);
        string next;
        do
        {
            taker++;
            next = taker == 2 ? name + "_" : string.Create(CultureInfo.InvariantCulture, $"{name}_{taker}");
        }
        while (!isPossible(next) || !_taken.Add(next));
        _takers[name] = taker;
        return next;
    }
}
