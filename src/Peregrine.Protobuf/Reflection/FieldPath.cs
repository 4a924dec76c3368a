// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Peregrine.Protobuf.Reflection;

/// <summary>
/// Where in a message a walk over it is: the names and indexes from the root, for reports. Put together only when it is asked for: a text
/// for each level would take the square of the depth in memory.
/// </summary>
internal sealed class FieldPath
{
    private const int IsName = -1;
    private const int IsKey = -2;

    // A name, the key of a map, or null for an element of an array with its index.
    private readonly List<(string? Name, int Index)> _parts = [];

    public int Depth => _parts.Count;

    public void Push(string name) => _parts.Add((name, IsName));

    public void PushIndex(int index) => _parts.Add((null, index));

    /// <summary>Adds a key of a map, as it is to be shown between brackets.</summary>
    public void PushKey(string key) => _parts.Add((key, IsKey));

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
            else if (index == IsKey)
            {
                text.Append('[').Append(name).Append(']');
            }
            else
            {
                text.Append('.').Append(name);
            }
        }

        return text.ToString();
    }
}
