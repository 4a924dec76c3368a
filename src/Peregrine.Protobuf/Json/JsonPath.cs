// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Peregrine.Protobuf.Json;

/// <summary>Where in a document the parser is: the names and indexes from the root, for error messages.</summary>
internal sealed class JsonPath
{
    // A name, or null for an element of an array with its index.
    private readonly List<(string? Name, int Index)> _parts = [];

    public void Push(string name) => _parts.Add((name, 0));

    public void PushIndex(int index) => _parts.Add((null, index));

    public void Pop() => _parts.RemoveAt(_parts.Count - 1);

    public override string ToString()
    {
        StringBuilder text = new("$");
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
