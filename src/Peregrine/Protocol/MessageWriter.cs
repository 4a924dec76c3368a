// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Generic;
using Peregrine.Compression;

namespace Peregrine.Protocol;

/// <summary>
/// Takes one message from a marshaller and frames it in pooled blocks: room for the prefix is left in front, so that nothing is
/// copied afterwards. Messages of up to 1 MiB have one block. Reusable after <see cref="DetachNext"/> or <see cref="Reset"/>; not thread-safe.
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

    // Larger arrays would lie unused in the pool of the thread that sent them last, and be up to twice as long as what they hold.
    private const int LargestBlock = 1024 * 1024;

    // A block holds at least so much, whatever its serializer asks for: small messages, which are sent by copy, have one block, and who
    // asks for much and writes little does not take a block for each piece.
    private const int SmallBlock = 16 * 1024;

    // The block that is written to, behind those that are full.
    private byte[]? _buffer;
    private int _used = PrefixLength;
    private readonly List<ArraySegment<byte>> _full = [];
    private int _fullLength;
    private int _detached;
    private long _expectedLength;
    private bool _isCompleted;

    /// <summary>The length of the message, without its prefix.</summary>
    public int MessageLength => FramedLength - PrefixLength;

    /// <summary>The length of the message with its prefix.</summary>
    public int FramedLength => _fullLength + _used;

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

        int expected = MessageLength / 2;
        ReadOnlyMemory<byte> first = DetachNext(out byte[] firstRented, out bool isLast)[PrefixLength..];
        List<ArraySegment<byte>>? more = null;
        while (!isLast)
        {
            int length = DetachNext(out byte[] rented, out isLast).Length;
            (more ??= []).Add(new ArraySegment<byte>(rented, 0, length));
        }

        try
        {
            Reserve(Math.Clamp(expected, FirstBuffer, LargestBlock - PrefixLength));
            using (var target = new BufferWriterStream(this))
            {
                using var compressor = provider.CreateCompressionStream(target, level);
                compressor.Write(first.Span);
                foreach (ArraySegment<byte> part in more ?? [])
                {
                    compressor.Write(part);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(firstRented);
            foreach (ArraySegment<byte> part in more ?? [])
            {
                ArrayPool<byte>.Shared.Return(part.Array!);
            }
        }

        _isCompleted = true;
        WritePrefix(isCompressed: true);
    }

    /// <summary>The framed message, for callers that copy it at once; only of messages that have one block.</summary>
    public ReadOnlySpan<byte> Framed => _full.Count == 0
        ? _buffer.AsSpan(0, _used)
        : throw new InvalidOperationException($"The message of {MessageLength} bytes does not lie in one block.");

    /// <summary>
    /// Hands the framed message over, a block at a time; the caller returns each array to the shared pool. The writer is ready for the next
    /// message behind the last one.
    /// </summary>
    public ReadOnlyMemory<byte> DetachNext(out byte[] rented, out bool isLast)
    {
        if (!_isCompleted)
        {
            throw new InvalidOperationException("There is no message to detach.");
        }

        isLast = _detached == _full.Count;
        if (!isLast)
        {
            ArraySegment<byte> block = _full[_detached++];
            rented = block.Array!;
            return block;
        }

        rented = _buffer!;
        ReadOnlyMemory<byte> last = new(rented, 0, _used);
        _buffer = null;
        Reset();
        return last;
    }

    /// <summary>Forgets the message. A small buffer waits for the next one.</summary>
    public void Reset()
    {
        if (_buffer is { Length: > LargestKept })
        {
            ReturnBuffer();
        }

        for (; _detached < _full.Count; _detached++)
        {
            ArrayPool<byte>.Shared.Return(_full[_detached].Array!);
        }

        _full.Clear();
        _detached = 0;
        _fullLength = 0;
        _used = PrefixLength;
        _expectedLength = 0;
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
        Expect(payloadLength);
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
        Expect(payload.Length);
        this.Write(payload);
        _isCompleted = true;
    }

    void IBufferWriter<byte>.Advance(int count)
    {
        if (count < 0 || count > (_buffer?.Length ?? 0) - _used)
        {
            throw new ArgumentOutOfRangeException(nameof(count), count, "More was written than the buffer holds.");
        }

        _used += count;
    }

    Memory<byte> IBufferWriter<byte>.GetMemory(int sizeHint)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _buffer.AsMemory(_used);
    }

    Span<byte> IBufferWriter<byte>.GetSpan(int sizeHint)
    {
        Reserve(Math.Max(sizeHint, 1));
        return _buffer.AsSpan(_used);
    }

    private void WritePrefix(bool isCompressed)
    {
        Reserve(0);
        Span<byte> first = _full.Count > 0 ? _full[0] : _buffer.AsSpan();
        first[0] = isCompressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32BigEndian(first[1..], MessageLength);
    }

    private void Expect(int count)
    {
        _expectedLength = (long)FramedLength + count;
        Reserve(Math.Min(count, Math.Max(0, LargestBlock - _used)));
        CheckLength(_expectedLength);
    }

    // Makes room for so many octets in one piece.
    private void Reserve(int count)
    {
        if (_buffer is not null && _buffer.Length - _used >= count)
        {
            return;
        }

        CheckLength((long)FramedLength + count);
        if (_buffer is null)
        {
            _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(_used + count, FirstBuffer));
        }
        else if (_used <= SmallBlock || (_full.Count == 0 && (long)_used + count <= LargestBlock))
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(_used + count, Math.Min(_buffer.Length, LargestBlock / 2) * 2));
            _buffer.AsSpan(0, _used).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
        else
        {
            BeginBlock(count);
        }
    }

    private void BeginBlock(int count)
    {
        _full.Add(new ArraySegment<byte>(_buffer!, 0, _used));
        _fullLength += _used;
        _used = 0;
        _buffer = null;
        long rest = _expectedLength > _fullLength ? Math.Min(_expectedLength - _fullLength, LargestBlock) : LargestBlock;
        _buffer = ArrayPool<byte>.Shared.Rent(Math.Max(count, (int)rest));
    }

    private static void CheckLength(long framed)
    {
        if (framed > Array.MaxLength)
        {
            throw new InvalidOperationException($"A message of more than {Array.MaxLength - PrefixLength} bytes cannot be sent.");
        }
    }

    private void CheckOpen()
    {
        if (_isCompleted)
        {
            throw new InvalidOperationException("The message is already completed; a serializer completes it once.");
        }
    }
}
