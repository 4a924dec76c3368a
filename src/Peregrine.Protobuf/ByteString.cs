// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
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

    /// <summary>A copy of the bytes of all segments, in one piece.</summary>
    /// <param name="bytes">The segments.</param>
    /// <returns>The byte string.</returns>
    public static ByteString CopyFrom(ReadOnlySequence<byte> bytes) => AttachBytes(bytes.ToArray());

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
    /// <param name="stream">The stream; read from its position to its end.</param>
    /// <returns>The byte string.</returns>
    public static ByteString FromStream(Stream stream)
    {
        using MemoryStream buffer = BufferFor(stream);
        stream.CopyTo(buffer);
        return AttachBuffer(buffer);
    }

    /// <summary>The rest of a stream.</summary>
    /// <param name="stream">The stream; read from its position to its end.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The byte string.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<ByteString> FromStreamAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        using MemoryStream buffer = BufferFor(stream);
        await stream.CopyToAsync(buffer, cancellationToken).ConfigureAwait(false);
        return AttachBuffer(buffer);
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

    /// <summary>Copies the bytes.</summary>
    /// <param name="destination">Where to, from its start on.</param>
    /// <exception cref="ArgumentException">There is not enough room.</exception>
    public void CopyTo(Span<byte> destination) => _bytes.Span.CopyTo(destination);

    /// <summary>The bytes from an index on, without a copy: the result keeps the memory of all bytes alive.</summary>
    /// <param name="start">The index of the first byte; may be <see cref="Length"/>.</param>
    /// <returns>The rest of the bytes.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The index is outside of the bytes.</exception>
    public ByteString Slice(int start) => Slice(start, Length - start);

    /// <summary>
    /// A part of the bytes, without a copy: the result keeps the memory of all bytes alive. <c>bytes[1..3]</c> is the same as
    /// <c>bytes.Slice(1, 2)</c>.
    /// </summary>
    /// <param name="start">The index of the first byte.</param>
    /// <param name="length">How many bytes.</param>
    /// <returns>The part.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The part is outside of the bytes.</exception>
    public ByteString Slice(int start, int length) => length == Length && start == 0 ? this : AttachBytes(_bytes.Slice(start, length));

    /// <summary>Writes the bytes to a stream.</summary>
    /// <param name="stream">The stream.</param>
    public void WriteTo(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        stream.Write(_bytes.Span);
    }

    /// <summary>Writes the bytes to a stream.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="cancellationToken">Ends the wait; a part may have been written.</param>
    /// <returns>Completes when the bytes were written.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public ValueTask WriteToAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return stream.WriteAsync(_bytes, cancellationToken);
    }

    /// <summary>Reads the bytes as the fields of a message.</summary>
    /// <returns>A new reader at the first byte. The bytes are copied only when they are wrapped memory that is no array.</returns>
    public CodedInputStream CreateCodedInput() => MemoryMarshal.TryGetArray(_bytes, out ArraySegment<byte> segment)
        ? new CodedInputStream(segment.Array!, segment.Offset, segment.Count)
        : new CodedInputStream(ToByteArray());

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

    // Of the right size at once where the stream knows it: then the bytes are copied once only.
    private static MemoryStream BufferFor(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        long known = stream.CanSeek ? Math.Max(0, stream.Length - stream.Position) : 0;
        return known <= Array.MaxLength ? new MemoryStream((int)known) : throw new ArgumentException(
            $"The stream has {known} bytes left; a byte string holds at most {Array.MaxLength}.", nameof(stream));
    }

    private static ByteString AttachBuffer(MemoryStream buffer) =>
        AttachBytes(buffer.Length == buffer.Capacity ? buffer.GetBuffer() : buffer.ToArray());
}
