// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Protobuf.Wire;

namespace Peregrine.Protobuf;

/// <summary>The one way from input of any kind into a message: read, check the end, check required fields.</summary>
internal static class MessageParsing
{
    public static void Merge(IMessage message, ReadOnlySpan<byte> data, WireReaderOptions options)
    {
        MergePartial(message, data, options);
        RequiredFields.Check(message);
    }

    /// <summary>The same without the check of required fields.</summary>
    public static void MergePartial(IMessage message, ReadOnlySpan<byte> data, WireReaderOptions options)
    {
        WireReader reader = new(data, options);
        message.MergeFrom(ref reader);
        reader.CheckEnd();
    }

    public static void Merge(IMessage message, in ReadOnlySequence<byte> data, WireReaderOptions options)
    {
        if (data.IsSingleSegment)
        {
            Merge(message, data.FirstSpan, options);
            return;
        }

        WireReader reader = new(data, options);
        message.MergeFrom(ref reader);
        reader.CheckEnd();
        RequiredFields.Check(message);
    }

    public static void Merge(IMessage message, Stream input, WireReaderOptions options)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArrivingBytes bytes = new(options.SizeLimit, readAhead: true);
        int read;
        while ((read = input.Read(bytes.Room().Span)) != 0)
        {
            bytes.Advance(read);
            bytes.CheckSize();
        }

        Merge(message, bytes.TakeAll(), options);
    }

    public static async Task MergeAsync(IMessage message, Stream input, WireReaderOptions options, CancellationToken cancellation)
    {
        ArrivingBytes bytes = new(options.SizeLimit, readAhead: true);
        int read;
        while ((read = await input.ReadAsync(bytes.Room(), cancellation).ConfigureAwait(false)) != 0)
        {
            bytes.Advance(read);
            bytes.CheckSize();
        }

        Merge(message, bytes.TakeAll(), options);
    }

    public static void MergeDelimited(IMessage message, Stream input, WireReaderOptions options)
    {
        if (!TryMergeDelimited(message, input, options))
        {
            throw NoMessage();
        }
    }

    /// <summary>Merges a message that its length precedes; false when the stream ends before it.</summary>
    public static bool TryMergeDelimited(IMessage message, Stream input, WireReaderOptions options)
    {
        ArgumentNullException.ThrowIfNull(input);
        return TryMergeNext(message, new ArrivingBytes(options.SizeLimit, readAhead: false), input, options);
    }

    /// <summary>Merges a message that its length precedes; false, and the input as it was, when it goes on behind the input.</summary>
    public static bool TryMergeDelimited(IMessage message, ref ReadOnlySequence<byte> input, WireReaderOptions options)
    {
        Span<byte> head = stackalloc byte[Varint.MaxLength];
        head = head[..(int)Math.Min(head.Length, input.Length)];
        input.Slice(0, head.Length).CopyTo(head);
        int prefix = ArrivingBytes.ReadPrefix(head, options.SizeLimit, out int length);
        if (prefix == 0 || input.Length - prefix < length)
        {
            return false;
        }

        Merge(message, input.Slice(prefix, length), options);
        input = input.Slice(prefix + (long)length);
        return true;
    }

    public static async Task<T> ParseAsync<T>(Func<T> factory, Stream input, WireReaderOptions options, CancellationToken cancellation)
        where T : IMessage
    {
        T message = factory();
        await MergeAsync(message, input, options, cancellation).ConfigureAwait(false);
        return message;
    }

    public static async Task<T> ParseDelimitedAsync<T>(
        Func<T> factory, Stream input, WireReaderOptions options, CancellationToken cancellation)
        where T : IMessage =>
        await TryParseDelimitedAsync(factory, input, options, cancellation).ConfigureAwait(false) ?? throw NoMessage();

    /// <summary>Parses a message that its length precedes; null when the stream ends before it.</summary>
    public static async Task<T?> TryParseDelimitedAsync<T>(
        Func<T> factory, Stream input, WireReaderOptions options, CancellationToken cancellation)
        where T : IMessage
    {
        T message = factory();
        ArrivingBytes bytes = new(options.SizeLimit, readAhead: false);
        return await TryMergeNextAsync(message, bytes, input, options, cancellation).ConfigureAwait(false) ? message : default;
    }

    public static IEnumerable<T> ParseAllDelimited<T>(Func<T> factory, Stream input, WireReaderOptions options)
        where T : IMessage
    {
        ArrivingBytes bytes = new(options.SizeLimit, readAhead: true);
        for (T message = factory(); TryMergeNext(message, bytes, input, options); message = factory())
        {
            yield return message;
        }
    }

    public static async IAsyncEnumerable<T> ParseAllDelimitedAsync<T>(
        Func<T> factory, Stream input, WireReaderOptions options, [EnumeratorCancellation] CancellationToken cancellation)
        where T : IMessage
    {
        ArrivingBytes bytes = new(options.SizeLimit, readAhead: true);
        for (T message = factory();
            await TryMergeNextAsync(message, bytes, input, options, cancellation).ConfigureAwait(false);
            message = factory())
        {
            yield return message;
        }
    }

    private static bool TryMergeNext(IMessage message, ArrivingBytes bytes, Stream input, WireReaderOptions options)
    {
        while (!bytes.HasMessage())
        {
            int read = input.Read(bytes.Room().Span);
            if (read == 0)
            {
                bytes.CheckEnd();
                return false;
            }

            bytes.Advance(read);
        }

        Merge(message, bytes.Take(), options);
        return true;
    }

    private static async ValueTask<bool> TryMergeNextAsync(
        IMessage message, ArrivingBytes bytes, Stream input, WireReaderOptions options, CancellationToken cancellation)
    {
        while (!bytes.HasMessage())
        {
            int read = await input.ReadAsync(bytes.Room(), cancellation).ConfigureAwait(false);
            if (read == 0)
            {
                bytes.CheckEnd();
                return false;
            }

            bytes.Advance(read);
        }

        Merge(message, bytes.Take(), options);
        return true;
    }

    private static InvalidProtocolBufferException NoMessage() => InvalidProtocolBufferException.Truncated(1, 0);
}
