// SPDX-License-Identifier: Apache-2.0
using System;
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
    private (string? Name, int Index)[] _parts = new (string?, int)[8];

    public int Depth { get; private set; }

    /// <summary>The name or key that was pushed last, if the walk is at one.</summary>
    public string? Last => Depth == 0 ? null : _parts[Depth - 1].Name;

    public void Push(string name) => Push(name, IsName);

    public void PushIndex(int index) => Push(null, index);

    /// <summary>Adds a key of a map, as it is to be shown between brackets.</summary>
    public void PushKey(string key) => Push(key, IsKey);

    public void Pop() => _parts[--Depth].Name = null;

    /// <summary>The path as JSON tools write it: <c>$.orders[2].price</c>.</summary>
    public override string ToString() => "$" + Join();

    /// <summary>The path as protobuf's tools write it: <c>orders[2].price</c>; empty at the root.</summary>
    public string ToFieldPath() => Join().TrimStart('.');

    private void Push(string? name, int index)
    {
        if (Depth == _parts.Length)
        {
            Array.Resize(ref _parts, Depth * 2);
        }

        _parts[Depth++] = (name, index);
    }

    private string Join()
    {
        StringBuilder text = new();
        foreach ((string? name, int index) in _parts.AsSpan(0, Depth))
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
