// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;
using Peregrine.Protobuf.Collections;

namespace Peregrine.Protobuf.Json;

/// <summary>Puts the entries of a JSON object into a map, and knows which keys were given: each may be given once.</summary>
internal struct MapKeys(IUntypedMap map)
{
    // A map that was empty knows itself which keys were given, but for those whose value was passed over.
    private readonly bool _wasEmpty = map.Count == 0;
    private HashSet<UntypedValue>? _others;

    /// <summary>Sets an entry; false if the object gave the key before.</summary>
    public bool TryAdd(UntypedValue key, UntypedValue value)
    {
        if (_wasEmpty)
        {
            return _others?.Contains(key) != true && map.TryAdd(key, value);
        }

        if (!(_others ??= []).Add(key))
        {
            return false;
        }

        map.Set(key, value);
        return true;
    }

    /// <summary>Notes a key whose value is left out; false if the object gave the key before.</summary>
    public bool TryPassOver(UntypedValue key) => (_others ??= []).Add(key) && !(_wasEmpty && map.Contains(key));
}
