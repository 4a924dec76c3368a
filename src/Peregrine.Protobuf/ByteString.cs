// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Peregrine.Protobuf;

/// <summary>An immutable run of bytes: the value of a <c>bytes</c> field. Safe to share between threads.</summary>
public sealed class ByteString : IEnumerable<byte>, IEquatable<ByteString>
{
    private readonly ReadOnlyMemory<byte> _bytes;

    private ByteString(ReadOnlyMemory<byte> bytes)
    {
        _bytes = bytes;
    }

    /// <summary>No bytes.</summary>
    public static ByteString Empty { get; } = new(ReadOnlyMemory<byte>.Empty);

    /// <summary>How many bytes there are.</summary>
    public int Length => _bytes.Length;

    /// <summary>Whether there are no bytes.</summary>
    public bool IsEmpty => _bytes.IsEmpty;

    /// <summary>The bytes; valid as long as this object.</summary>
    public ReadOnlySpan<byte> Span => _bytes.Span;

    /// <summary>The bytes; valid as long as this object.</summary>
    public ReadOnlyMemory<byte> Memory => _bytes;

    /// <summary>The byte at <paramref name="index"/>.</summary>
    /// <exception cref="IndexOutOfRangeException">The index is outside of the bytes.</exception>
    public byte this[int index] => _bytes.Span[index];

    /// <summary>Whether both hold the same bytes.</summary>
    public static bool operator ==(ByteString? left, ByteString? right) =>
        left is null ? right is null : left.Equals(right);

    /// <summary>Whether they hold different bytes.</summary>
    public static bool operator !=(ByteString? left, ByteString? right) => !(left == right);

    /// <summary>A copy of <paramref name="bytes"/>.</summary>
    public static ByteString CopyFrom(params byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        return CopyFrom(bytes.AsSpan());
    }

    /// <summary>A copy of a part of <paramref name="bytes"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The part is outside of the array.</exception>
    public static ByteString CopyFrom(byte[] bytes, int offset, int count)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        return CopyFrom(bytes.AsSpan(offset, count));
    }

    /// <summary>A copy of <paramref name="bytes"/>.</summary>
    public static ByteString CopyFrom(ReadOnlySpan<byte> bytes) => bytes.IsEmpty ? Empty : new ByteString(bytes.ToArray());

    /// <summary>The text in <paramref name="encoding"/>.</summary>
    public static ByteString CopyFrom(string text, Encoding encoding)
    {
        ArgumentNullException.ThrowIfNull(encoding);
        return AttachBytes(encoding.GetBytes(text));
    }

    /// <summary>The text in UTF-8.</summary>
    public static ByteString CopyFromUtf8(string text) => CopyFrom(text, Encoding.UTF8);

    /// <summary>The bytes that <paramref name="base64"/> stands for.</summary>
    /// <exception cref="FormatException">The text is not base64.</exception>
    public static ByteString FromBase64(string base64) => AttachBytes(Convert.FromBase64String(base64));

    /// <summary>The rest of a stream.</summary>
    public static ByteString FromStream(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using MemoryStream buffer = new();
        stream.CopyTo(buffer);
        return AttachBytes(buffer.ToArray());
    }

    /// <summary>The rest of a stream.</summary>
    public static async Task<ByteString> FromStreamAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using MemoryStream buffer = new();
        await stream.CopyToAsync(buffer, cancellationToken).ConfigureAwait(false);
        return AttachBytes(buffer.ToArray());
    }

    /// <summary>Takes <paramref name="bytes"/> without a copy; whoever calls this no longer changes them.</summary>
    internal static ByteString AttachBytes(ReadOnlyMemory<byte> bytes) => bytes.IsEmpty ? Empty : new ByteString(bytes);

    /// <summary>Takes <paramref name="bytes"/> without a copy; whoever calls this no longer changes them.</summary>
    internal static ByteString AttachBytes(byte[] bytes) => AttachBytes(bytes.AsMemory());

    /// <summary>A new array with the bytes.</summary>
    public byte[] ToByteArray() => _bytes.ToArray();

    /// <summary>The bytes in base64, padded.</summary>
    public string ToBase64() => Convert.ToBase64String(_bytes.Span);

    /// <summary>The bytes read as UTF-8; what is not UTF-8 becomes U+FFFD.</summary>
    public string ToStringUtf8() => ToString(Encoding.UTF8);

    /// <summary>The bytes read in <paramref name="encoding"/>.</summary>
    public string ToString(Encoding encoding)
    {
        ArgumentNullException.ThrowIfNull(encoding);
        return encoding.GetString(_bytes.Span);
    }

    /// <summary>Copies the bytes to <paramref name="array"/>, from <paramref name="position"/> on.</summary>
    public void CopyTo(byte[] array, int position)
    {
        ArgumentNullException.ThrowIfNull(array);
        _bytes.Span.CopyTo(array.AsSpan(position));
    }

    /// <summary>Writes the bytes to a stream.</summary>
    public void WriteTo(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        stream.Write(_bytes.Span);
    }

    /// <inheritdoc/>
    public IEnumerator<byte> GetEnumerator() => MemoryMarshal.ToEnumerable(_bytes).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(ByteString? other) => other is not null && _bytes.Span.SequenceEqual(other._bytes.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ByteString);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(_bytes.Span);
        return hash.ToHashCode();
    }
}
