// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Peregrine.Protobuf.Json;

/// <summary>Finds what a name stands for by the bytes of JSON input, without making a string. Immutable.</summary>
/// <typeparam name="T">What names stand for.</typeparam>
internal sealed class JsonNameTable<T>
    where T : class
{
    // The first entry of each bucket and the next of each entry, as index + 1; 0 ends the chain.
    private readonly int[] _buckets;
    private readonly int[] _next;
    private readonly List<(JsonName Name, T Value)> _entries;

    /// <summary>Makes a table; of two entries of one name the first counts.</summary>
    public JsonNameTable(List<(JsonName Name, T Value)> entries)
    {
        _entries = entries;
        _buckets = new int[BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, entries.Count))];
        _next = new int[entries.Count];
        for (int i = entries.Count - 1; i >= 0; i--)
        {
            ref int bucket = ref Bucket(entries[i].Name.Utf8);
            _next[i] = bucket;
            bucket = i + 1;
        }
    }

    /// <summary>Finds a name; null if it is none of the table's.</summary>
    public T? Find(ReadOnlySpan<byte> utf8, out JsonName? name)
    {
        for (int i = Bucket(utf8); i != 0; i = _next[i - 1])
        {
            (JsonName candidate, T value) = _entries[i - 1];
            if (utf8.SequenceEqual(candidate.Utf8) && candidate.IsWellFormed)
            {
                name = candidate;
                return value;
            }
        }

        name = null;
        return null;
    }

    private ref int Bucket(ReadOnlySpan<byte> utf8)
    {
        const ulong Factor = 0x9E3779B97F4A7C15;
        ulong hash = (ulong)utf8.Length;
        while (utf8.Length >= sizeof(ulong))
        {
            hash = (hash ^ MemoryMarshal.Read<ulong>(utf8)) * Factor;
            hash ^= hash >> 32;
            utf8 = utf8[sizeof(ulong)..];
        }

        foreach (byte b in utf8)
        {
            hash = (hash ^ b) * Factor;
        }

        return ref _buckets[(int)(hash >> 40) & (_buckets.Length - 1)];
    }
}
