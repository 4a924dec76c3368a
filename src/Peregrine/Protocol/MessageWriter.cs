// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.Buffers.Binary;
using Peregrine.Compression;

namespace Peregrine.Protocol;

/// <summary>
/// Takes one message from a marshaller and frames it in a pooled array: room for the prefix is left in front, so that nothing is
/// copied afterwards. Reusable after <see cref="Detach"/> or <see cref="Reset"/>; not thread-safe.
/// <code>
/// +-----------------+------------------------+---------------+
/// | compressed (1)  | length, big-endian (4) | message ...   |
/// +-----------------+------------------------+---------------+
/// </code>
/// </summary>
internal sealed class MessageWriter : SerializationContext, IBufferWriter<byte>, IDisposable
{
    /// <summary>The length of the prefix.</summary>
    public const int PrefixLength = 5;

    private const int FirstBuffer = 256;

    // A buffer of this size stays with the writer: small messages come in rows.
    private const int LargestKept = 4096;

    private byte[]? _buffer;
    private int _written = PrefixLength;
    private bool _isCompleted;

    /// <summary>The length of the message, without its prefix.</summary>
    public int MessageLength => _written - PrefixLength;

    /// <summary>Serializes a message. Exceptions of the marshaller pass through; the writer is reset then.</summary>
    /// <exception cref="InvalidOperationException">The serializer did not complete the message.</exception>
    public void Write<T>(Marshaller<T> marshaller, T message)
    {
        try
        {
            marshaller.ContextualSerializer(message, this);
            if (!_isCompleted)
            {
                throw new InvalidOperationException(
                    $"The serializer of {typeof(T)} returned without calling Complete on its context.");
            }
        }
        catch
        {
            Reset();
            throw;
        }

        WritePrefix(isCompressed: false);
    }

    /// <summary>
    /// Replaces the message by its compressed form. The prefix then says so; a message is never flagged without being compressed. An
    /// empty message stays as it is: the platform's compression streams write nothing for it, which is neither gzip nor zlib.
    /// </summary>
    public void Compress(ICompressionProvider provider, System.IO.Compression.CompressionLevel? level)
    {
        if (MessageLength == 0)
        {
            return;
        }

        byte[] plain = _buffer!;
        int plainLength = _written;
        _buffer = null;
        _written = PrefixLength;
        _isCompleted = false;
        try
        {
            Reserve(Math.Max(FirstBuffer, plainLength / 2));
            using (var target = new BufferWriterStream(this))
            {
                using var compressor = provider.CreateCompressionStream(target, level);
                compressor.Write(plain, PrefixLength, plainLength - PrefixLength);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(plain);
        }

        _isCompleted = true;
        WritePrefix(isCompressed: true);
    }

    /// <summary>The framed message, for callers that copy it at once.</summary>
    public ReadOnlySpan<byte> Framed => _buffer.AsSpan(0, _written);

    /// <summary>Hands the framed message over; the caller returns the array to the shared pool. The writer is ready for the next.</summary>
    public ReadOnlyMemory<byte> Detach(out byte[] rented)
    {
        rented = _isCompleted ? _buffer! : throw new InvalidOperationException("There is no message to detach.");
        var framed = new ReadOnlyMemory<byte>(rented, 0, _written);
        _buffer = null;
        Reset();
        return framed;
    }

    /// <summary>Forgets the message. A small buffer waits for the next one.</summary>
    public void Reset()
    {
        if (_buffer is { Length: > LargestKept })
        {
            ReturnBuffer();
        }

        _written = PrefixLength;
        _isCompleted = false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Reset();
        ReturnBuffer();
    }

    private void ReturnBuffer()
    {
        if (_buffer is { } buffer)
        {
            _buffer = null;
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <inheritdoc/>
    public override void SetPayloadLength(int payloadLength)
    {
        CheckOpen();
        ArgumentOutOfRangeException.ThrowIfNegative(payloadLength);
        Reserve(payloadLength);
    }

    /// <inheritdoc/>
    public override IBufferWriter<byte> GetBufferWriter()
    {
        CheckOpen();
        return this;
    }

    /// <inheritdoc/>
    public override void Complete()
    {
        CheckOpen();
        _isCompleted = true;
    }

    /// <inheritdoc/>
    public override void Complete(byte[] payload)
    {
        ArgumentNullException.ThrowIfNull(payload);
        CheckOpen();
        Reserve(payload.Length);
        payload.CopyTo(_buffer.AsSpan(_written));
        _written += payload.Length;
        _isCompleted = true;
    }

    void IBufferWriter<byte>.Advance(int count)
    {
        if (count < 0 || count > (_buffer?.Length ?? 0) - _written)
        {
            throw new ArgumentOutOfRangeException(nameof(count), count, "More was written than the buffer holds.");
        }

        _written += count;
    }

    Memory<byte> IBufferWriter<byte>.GetMemory(int sizeHint)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _buffer.AsMemory(_written);
    }

    Span<byte> IBufferWriter<byte>.GetSpan(int sizeHint)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _buffer.AsSpan(_written);
    }

    private void WritePrefix(bool isCompressed)
    {
        Reserve(0);
        _buffer![0] = isCompressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32BigEndian(_buffer.AsSpan(1), MessageLength);
    }

    private void Reserve(int count)
    {
        long needed = (long)_written + count;
        if (_buffer is not null && _buffer.Length >= needed)
        {
            return;
        }

        if (needed > Array.MaxLength)
        {
            throw new InvalidOperationException($"A message of more than {Array.MaxLength - PrefixLength} bytes cannot be sent.");
        }

        long wanted = _buffer is null ? Math.Max(needed, FirstBuffer) : Math.Max(needed, Math.Min((long)_buffer.Length * 2, Array.MaxLength));
        byte[] larger = ArrayPool<byte>.Shared.Rent((int)wanted);
        if (_buffer is not null)
        {
            _buffer.AsSpan(0, _written).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        _buffer = larger;
    }

    private void CheckOpen()
    {
        if (_isCompleted)
        {
            throw new InvalidOperationException("The message is already completed; a serializer completes it once.");
        }
    }
}
