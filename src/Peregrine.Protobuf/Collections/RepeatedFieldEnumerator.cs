// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using System.Collections.Generic;

namespace Peregrine.Protobuf.Collections;

/// <content>Holds the enumerator.</content>
public sealed partial class RepeatedField<T>
{
    /// <summary>Goes over the elements of a repeated field.</summary>
    public struct Enumerator : IEnumerator<T>
    {
        private readonly RepeatedField<T> _field;
        private int _next;

        internal Enumerator(RepeatedField<T> field)
        {
            _field = field;
            Current = default!;
        }

        /// <summary>The element that the last <see cref="MoveNext"/> went to.</summary>
        public T Current { get; private set; }

        readonly object? IEnumerator.Current => Current;

        /// <summary>Goes to the next element.</summary>
        /// <returns>Whether there is one.</returns>
        public bool MoveNext()
        {
            if (_next >= _field._count)
            {
                return false;
            }

            Current = _field._items[_next++];
            return true;
        }

        /// <summary>Goes back before the first element.</summary>
        public void Reset() => _next = 0;

        /// <summary>Does nothing: an enumerator holds nothing to release.</summary>
        public readonly void Dispose()
        {
        }
    }
}
