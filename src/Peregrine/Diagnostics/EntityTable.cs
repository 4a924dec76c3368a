// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace Peregrine.Diagnostics;

/// <summary>Entities that live, by number. Holds none of them alive: what nobody disposed and nobody uses goes as it would without. Thread-safe.</summary>
internal sealed class EntityTable<T>
    where T : class
{
    private const int LeastPruned = 64;

    private readonly Lock _lock = new();
    private readonly SortedDictionary<long, WeakReference<T>> _entities = [];
    private int _pruneAt = LeastPruned;

    /// <summary>An entity begins.</summary>
    public void Add(long id, T entity)
    {
        lock (_lock)
        {
            // Twice as many as lived at the last look: the dead cost no more than the living.
            if (_entities.Count >= _pruneAt)
            {
                foreach (var dead in _entities.Where(pair => !pair.Value.TryGetTarget(out _)).Select(pair => pair.Key).ToList())
                {
                    _ = _entities.Remove(dead);
                }

                _pruneAt = Math.Max(LeastPruned, 2 * _entities.Count);
            }

            _entities.Add(id, new WeakReference<T>(entity));
        }
    }

    /// <summary>An entity has ended.</summary>
    public void Remove(long id)
    {
        lock (_lock)
        {
            _ = _entities.Remove(id);
        }
    }

    /// <summary>The entity of a number, if it lives.</summary>
    public T? Find(long id)
    {
        lock (_lock)
        {
            return _entities.TryGetValue(id, out var known) && known.TryGetTarget(out var entity) ? entity : null;
        }
    }

    /// <summary>The entities from a number on, ascending.</summary>
    public List<T> From(long start, int maxCount)
    {
        List<T> found = [];
        lock (_lock)
        {
            foreach (var (id, known) in _entities)
            {
                if (found.Count >= maxCount)
                {
                    break;
                }

                if (id >= start && known.TryGetTarget(out var entity))
                {
                    found.Add(entity);
                }
            }
        }

        return found;
    }
}
