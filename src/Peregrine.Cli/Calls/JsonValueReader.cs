// SPDX-License-Identifier: Apache-2.0

using System;
using System.IO;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;

namespace Peregrine.Cli.Calls;

/// <summary>Cuts a stream into the JSON values that stand in it one after the other, each as soon as it is whole.</summary>
internal sealed class JsonValueReader(Stream input)
{
    private const int FirstSize = 1 << 14;
    private const int MaxValue = 1 << 28;

    private byte[] _buffer = new byte[FirstSize];
    private int _start;
    private int _end;
    private bool _isAtEnd;

    private bool _isBehindMark;

    /// <summary>Where the last value began.</summary>
    public InputPlace Place { get; private set; } = InputPlace.Start;

    /// <summary>Reads the next value.</summary>
    /// <param name="cancellationToken">Ends the wait for input, which goes on in the background if it cannot be stopped.</param>
    /// <returns>Its bytes, good until the next call; null at the end.</returns>
    /// <exception cref="ToolException">What comes is not JSON.</exception>
    /// <exception cref="IOException">The input cannot be read.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (TryTake(out var value))
            {
                return value;
            }

            if (_isAtEnd)
            {
                return null;
            }

            await FillAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private bool TryTake(out ReadOnlyMemory<byte> value)
    {
        value = default;
        if (!TrySkipMark())
        {
            return false;
        }

        SkipBlanks();
        if (_start == _end)
        {
            return false;
        }

        var options = new JsonReaderOptions { AllowMultipleValues = true, MaxDepth = 1000 };
        var reader = new Utf8JsonReader(_buffer.AsSpan(_start, _end - _start), _isAtEnd, new JsonReaderState(options));
        try
        {
            if (!reader.Read() || !reader.TrySkip())
            {
                return false;
            }
        }
        catch (JsonException exception)
        {
            // Where the next value begins is not known: nothing of what has come is read again.
            _start = _end;
            var (line, column) = Place.Plus((int)(exception.LineNumber ?? 0) + 1, (int)(exception.BytePositionInLine ?? 0) + 1);
            throw new ToolException($"The request is not valid JSON: line {line}, column {column}: {Reason(exception)}");
        }

        var length = (int)reader.BytesConsumed;
        value = _buffer.AsMemory(_start, length);
        _start += length;
        return true;
    }

    private static string Reason(JsonException exception)
    {
        if (exception.Message.StartsWith("Expected depth to be zero", StringComparison.Ordinal))
        {
            return "It ends before its last } or ].";
        }

        var end = exception.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? exception.Message : exception.Message[..end];
    }

    // False while what has come may be the beginning of a byte order mark.
    private bool TrySkipMark()
    {
        if (_isBehindMark)
        {
            return true;
        }

        ReadOnlySpan<byte> begin = _buffer.AsSpan(0, Math.Min(_end, ByteOrderMark.Bytes.Length));
        if (begin.Length < ByteOrderMark.Bytes.Length && ByteOrderMark.Bytes.StartsWith(begin) && !_isAtEnd)
        {
            return false;
        }

        _isBehindMark = true;
        _start = _counted = begin.SequenceEqual(ByteOrderMark.Bytes) ? begin.Length : 0;
        return true;
    }

    // Counts the lines of what was taken, too.
    private int _counted;

    private void SkipBlanks()
    {
        while (_start < _end && _buffer[_start] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            _start++;
        }

        Place = Place.Behind(_buffer.AsSpan(_counted, _start - _counted));
        _counted = _start;
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end, _counted) = (0, _end - _start, 0);
        }

        if (_end == _buffer.Length)
        {
            if (_buffer.Length >= MaxValue)
            {
                throw new ToolException($"A request is longer than {MaxValue >> 20} MiB.");
            }

            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        // A read of a terminal cannot be cancelled: it is left alone when the call ends.
        var (buffer, end) = (_buffer, _end);
        var count = await Task.Run(() => input.Read(buffer, end, buffer.Length - end), CancellationToken.None).WaitAsync(cancellationToken).ConfigureAwait(false);
        _isAtEnd = count == 0;
        _end += count;
    }
}
