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

    private byte[]? buffer;
    private int written = PrefixLength;
    private bool isCompleted;

    /// <summary>The length of the message, without its prefix.</summary>
    public int MessageLength => written - PrefixLength;

    /// <summary>Serializes a message. Exceptions of the marshaller pass through; the writer is reset then.</summary>
    /// <exception cref="InvalidOperationException">The serializer did not complete the message.</exception>
    public void Write<T>(Marshaller<T> marshaller, T message)
    {
        try
        {
            marshaller.ContextualSerializer(message, this);
            if (!isCompleted)
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
    /// Replaces the message by its compressed form. The prefix then says so; a message is never flagged without being compressed.
    /// </summary>
    public void Compress(ICompressionProvider provider, System.IO.Compression.CompressionLevel? level)
    {
        byte[] plain = buffer!;
        int plainLength = written;
        buffer = null;
        written = PrefixLength;
        isCompleted = false;
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

        isCompleted = true;
        WritePrefix(isCompressed: true);
    }

    /// <summary>The framed message, for callers that copy it at once.</summary>
    public ReadOnlySpan<byte> Framed => buffer.AsSpan(0, written);

    /// <summary>Hands the framed message over; the caller returns the array to the shared pool. The writer is ready for the next.</summary>
    public ReadOnlyMemory<byte> Detach(out byte[] rented)
    {
        rented = buffer ?? throw new InvalidOperationException("There is no message to detach.");
        var framed = new ReadOnlyMemory<byte>(rented, 0, written);
        buffer = null;
        Reset();
        return framed;
    }

    /// <summary>Forgets the message.</summary>
    public void Reset()
    {
        if (buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = null;
        }

        written = PrefixLength;
        isCompleted = false;
    }

    /// <inheritdoc/>
    public void Dispose() => Reset();

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
        isCompleted = true;
    }

    /// <inheritdoc/>
    public override void Complete(byte[] payload)
    {
        ArgumentNullException.ThrowIfNull(payload);
        CheckOpen();
        Reserve(payload.Length);
        payload.CopyTo(buffer.AsSpan(written));
        written += payload.Length;
        isCompleted = true;
    }

    void IBufferWriter<byte>.Advance(int count)
    {
        if (count < 0 || count > (buffer?.Length ?? 0) - written)
        {
            throw new ArgumentOutOfRangeException(nameof(count), count, "More was written than the buffer holds.");
        }

        written += count;
    }

    Memory<byte> IBufferWriter<byte>.GetMemory(int sizeHint)
    {
        Reserve(Math.Max(sizeHint, 1));
        return buffer.AsMemory(written);
    }

    Span<byte> IBufferWriter<byte>.GetSpan(int sizeHint)
    {
        Reserve(Math.Max(sizeHint, 1));
        return buffer.AsSpan(written);
    }

    private void WritePrefix(bool isCompressed)
    {
        Reserve(0);
        buffer![0] = isCompressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32BigEndian(buffer.AsSpan(1), MessageLength);
    }

    private void Reserve(int count)
    {
        long needed = (long)written + count;
        if (buffer is not null && buffer.Length >= needed)
        {
            return;
        }

        if (needed > Array.MaxLength)
        {
            throw new InvalidOperationException($"A message of more than {Array.MaxLength - PrefixLength} bytes cannot be sent.");
        }

        long wanted = buffer is null ? Math.Max(needed, FirstBuffer) : Math.Max(needed, Math.Min((long)buffer.Length * 2, Array.MaxLength));
        byte[] larger = ArrayPool<byte>.Shared.Rent((int)wanted);
        if (buffer is not null)
        {
            buffer.AsSpan(0, written).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(buffer);
        }

        buffer = larger;
    }

    private void CheckOpen()
    {
        if (isCompleted)
        {
            throw new InvalidOperationException("The message is already completed; a serializer completes it once.");
        }
    }
}
