// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Peregrine;

/// <summary>
/// Key-value pairs that travel with a call: request headers, response headers or trailers. Order among equal keys is kept.
/// Not safe for writers on several threads.
/// </summary>
public sealed class Metadata : IList<Metadata.Entry>
{
    /// <summary>Keys with this ending carry bytes, which travel as base64.</summary>
    public const string BinaryHeaderSuffix = "-bin";

    /// <summary>Metadata without entries that refuses changes.</summary>
    public static readonly Metadata Empty = new Metadata().Freeze();

    private List<Entry> _entries;

    // Another one that refuses changes and has the same list, which therefore is not changed but replaced; this one itself when it refuses them.
    private Metadata? _snapshot;

    /// <summary>Makes empty metadata.</summary>
    public Metadata() => _entries = [];

    internal Metadata(int capacity) => _entries = new List<Entry>(capacity);

    private Metadata(List<Entry> entries)
    {
        _entries = entries;
        _snapshot = this;
    }

    /// <inheritdoc/>
    public int Count => _entries.Count;

    /// <inheritdoc/>
    public bool IsReadOnly => _snapshot == this;

    /// <inheritdoc/>
    public Entry this[int index]
    {
        get => _entries[index];
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            PrepareChange();
            _entries[index] = value;
        }
    }

    /// <summary>Finds the last entry of a key.</summary>
    /// <param name="key">The key, in any case.</param>
    /// <returns>The entry, or null.</returns>
    public Entry? Get(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        for (int i = _entries.Count - 1; i >= 0; i--)
        {
            if (string.Equals(_entries[i].Key, key, StringComparison.OrdinalIgnoreCase))
            {
                return _entries[i];
            }
        }

        return null;
    }

    /// <summary>Finds the text value of the last entry of a key.</summary>
    /// <param name="key">The key, in any case.</param>
    /// <returns>The value, or null when there is no such entry.</returns>
    /// <exception cref="InvalidOperationException">The entry is binary.</exception>
    public string? GetValue(string key) => Get(key)?.Value;

    /// <summary>Finds the bytes of the last entry of a key.</summary>
    /// <param name="key">The key, in any case.</param>
    /// <returns>The bytes, or null when there is no such entry.</returns>
    public byte[]? GetValueBytes(string key) => Get(key)?.ValueBytes;

    /// <summary>Finds all entries of a key.</summary>
    /// <param name="key">The key, in any case.</param>
    /// <returns>The entries in their order.</returns>
    public IEnumerable<Entry> GetAll(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return _entries.Where(entry => string.Equals(entry.Key, key, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>Adds a text entry.</summary>
    /// <param name="key">The key; it becomes lower case.</param>
    /// <param name="value">The value.</param>
    /// <exception cref="ArgumentException">Key or value cannot travel as metadata, or the key ends with <c>-bin</c>.</exception>
    public void Add(string key, string value) => Add(new Entry(key, value));

    /// <summary>Adds a binary entry.</summary>
    /// <param name="key">The key, ending with <c>-bin</c>; it becomes lower case.</param>
    /// <param name="valueBytes">The bytes, which are copied.</param>
    /// <exception cref="ArgumentException">The key cannot travel as metadata or does not end with <c>-bin</c>.</exception>
    public void Add(string key, byte[] valueBytes) => Add(new Entry(key, valueBytes));

    /// <inheritdoc/>
    public void Add(Entry item)
    {
        ArgumentNullException.ThrowIfNull(item);
        PrepareChange();
        _entries.Add(item);
    }

    /// <inheritdoc/>
    public void Insert(int index, Entry item)
    {
        ArgumentNullException.ThrowIfNull(item);
        PrepareChange();
        _entries.Insert(index, item);
    }

    /// <inheritdoc/>
    public int IndexOf(Entry item) => _entries.IndexOf(item);

    /// <inheritdoc/>
    public bool Contains(Entry item) => _entries.Contains(item);

    /// <inheritdoc/>
    public void CopyTo(Entry[] array, int arrayIndex) => _entries.CopyTo(array, arrayIndex);

    /// <inheritdoc/>
    public bool Remove(Entry item)
    {
        PrepareChange();
        return _entries.Remove(item);
    }

    /// <inheritdoc/>
    public void RemoveAt(int index)
    {
        PrepareChange();
        _entries.RemoveAt(index);
    }

    /// <inheritdoc/>
    public void Clear()
    {
        PrepareChange();
        _entries.Clear();
    }

    /// <inheritdoc/>
    public IEnumerator<Entry> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _entries.GetEnumerator();

    /// <summary>Refuses changes from here on.</summary>
    internal Metadata Freeze()
    {
        _snapshot = this;
        return this;
    }

    /// <summary>What is in here now, for an owner whom later changes must not reach. Copies no entries: that is left to who makes a change.</summary>
    /// <remarks>Safe to call from several threads while nobody makes changes.</remarks>
    internal Metadata Snapshot() => _snapshot ??= new Metadata(_entries);

    private void PrepareChange()
    {
        if (IsReadOnly)
        {
            throw new InvalidOperationException("This metadata is read-only; make a new Metadata and copy the entries.");
        }

        if (_snapshot is not null)
        {
            _entries = [.. _entries];
            _snapshot = null;
        }
    }

    /// <summary>One key with its value: text, or bytes when the key ends with <c>-bin</c>. Immutable.</summary>
    public class Entry
    {
        private readonly string? _text;
        private readonly byte[]? _bytes;

        /// <summary>Makes a binary entry.</summary>
        /// <param name="key">The key, ending with <c>-bin</c>; it becomes lower case.</param>
        /// <param name="valueBytes">The bytes, which are copied.</param>
        /// <exception cref="ArgumentException">The key cannot travel as metadata or does not end with <c>-bin</c>.</exception>
        public Entry(string key, byte[] valueBytes)
        {
            Key = MetadataSyntax.NormalizeKey(key);
            if (!MetadataSyntax.IsBinaryKey(Key))
            {
                throw new ArgumentException(
                    $"The key '{Key}' of a binary metadata entry must end with '{BinaryHeaderSuffix}'.", nameof(key));
            }

            ArgumentNullException.ThrowIfNull(valueBytes);
            _bytes = (byte[])valueBytes.Clone();
        }

        /// <summary>Makes a text entry.</summary>
        /// <param name="key">The key; it becomes lower case.</param>
        /// <param name="value">
        /// The value: printable ASCII to be portable; other characters legal in an HTTP field value (tab, U+0080 to U+00FF)
        /// are let through so that received metadata can be sent on. Blanks at its ends do not travel.
        /// </param>
        /// <exception cref="ArgumentException">Key or value cannot travel as metadata, or the key ends with <c>-bin</c>.</exception>
        public Entry(string key, string value)
        {
            Key = MetadataSyntax.NormalizeKey(key);
            if (MetadataSyntax.IsBinaryKey(Key))
            {
                throw new ArgumentException(
                    $"The key '{Key}' ends with '{BinaryHeaderSuffix}' and therefore takes bytes; pass a byte array, or rename the key.",
                    nameof(key));
            }

            ArgumentNullException.ThrowIfNull(value);
            MetadataSyntax.CheckValue(Key, value, nameof(value));
            _text = value;
        }

        private Entry(string key, string? text, byte[]? bytes)
        {
            Key = key;
            _text = text;
            _bytes = bytes;
        }

        /// <summary>The key, in lower case.</summary>
        public string Key { get; }

        /// <summary>
        /// Whether the key announces a secret: <c>authorization</c>, <c>cookie</c>, and keys with a word such as <c>token</c>, <c>password</c> or
        /// <c>api-key</c>. <see cref="ToString"/> and the library's own texts mask the value; programs that show metadata should, too.
        /// </summary>
        public bool IsSecret => SecretKeys.Contains(Key);

        /// <summary>Whether the value is bytes.</summary>
        public bool IsBinary => _bytes is not null;

        /// <summary>The text of a text entry.</summary>
        /// <exception cref="InvalidOperationException">The entry is binary.</exception>
        public string Value => _text ?? throw new InvalidOperationException(
            $"The metadata entry '{Key}' is binary; read {nameof(ValueBytes)}.");

        /// <summary>A copy of the bytes; of a text entry, its characters as bytes.</summary>
        public byte[] ValueBytes => _bytes is not null ? (byte[])_bytes.Clone() : Encoding.Latin1.GetBytes(_text!);

        /// <summary>The bytes of a binary entry without a copy.</summary>
        internal ReadOnlySpan<byte> BinaryValue => _bytes;

        /// <summary>
        /// Key and value, for logs: the bytes of a binary entry are given by their length only, a value that <see cref="IsSecret"/> not at all,
        /// and control characters as escapes.
        /// </summary>
        /// <returns>A one-line description.</returns>
        public override string ToString() => _bytes is not null
            ? $"[Entry: key={Key}, valueBytes={_bytes.Length} bytes]"
            : $"[Entry: key={Key}, value={(IsSecret ? SecretKeys.Mask : PrintableText.Escape(_text!))}]";

        /// <summary>An entry as received: the key is lower case already, the HTTP layer has checked the characters.</summary>
        internal static Entry Received(string key, string value) => new(key, value, null);

        /// <summary>A binary entry as received; the entry owns the array.</summary>
        internal static Entry Received(string key, byte[] valueBytes) => new(key, null, valueBytes);
    }
}
