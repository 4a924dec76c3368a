// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Peregrine.Protobuf.Reflection;

/// <summary>Where in a message a parser is: the names and indexes from the root, for error messages.</summary>
internal sealed class FieldPath
{
    // A name, or null for an element of an array with its index.
    private readonly List<(string? Name, int Index)> _parts = [];

    public void Push(string name) => _parts.Add((name, 0));

    public void PushIndex(int index) => _parts.Add((null, index));

    public void Pop() => _parts.RemoveAt(_parts.Count - 1);

    /// <summary>The path as JSON tools write it: <c>$.orders[2].price</c>.</summary>
    public override string ToString() => "$" + Join();

    /// <summary>The path as protobuf's tools write it: <c>orders[2].price</c>; empty at the root.</summary>
    public string ToFieldPath() => Join().TrimStart('.');

    private string Join()
    {
        StringBuilder text = new();
        foreach ((string? name, int index) in _parts)
        {
            if (name is null)
            {
                text.Append(CultureInfo.InvariantCulture, $"[{index}]");
            }
            else
            {
                text.Append('.').Append(name);
            }
        }

        return text.ToString();
    }
}
