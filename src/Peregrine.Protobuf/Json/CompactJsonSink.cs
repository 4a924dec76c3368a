// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using Peregrine.Protobuf.Collections;

namespace Peregrine.Protobuf.Json;

/// <summary>
/// Writes JSON on one line, in UTF-8, for one message after the other: into a small array that is kept, or one of the pool while that is
/// too small. The same bytes as of a <see cref="System.Text.Json.Utf8JsonWriter"/>, which checks and asks more at each token than it writes.
/// </summary>
/// <remarks>Behind every value stands a comma: the end of an object, an array and all text takes the last one back.</remarks>
internal sealed class CompactJsonSink : JsonSink
{
    private const int KeptLength = 4096;
    private const int MostExpected = 1 << 20;

    // Two quotes, and a colon or a comma.
    private const int AroundText = 3;

    private static readonly TextEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    private readonly byte[] _kept = new byte[KeptLength];
    private byte[] _array;
    private int _length;
    private int _lastLength;

    public CompactJsonSink() => _array = _kept;

    /// <summary>The value that was written.</summary>
    public ReadOnlySpan<byte> Written => _array.AsSpan(0, _length - 1);

    /// <summary>Drops what was written, and gives memory of the pool back.</summary>
    public void Clear()
    {
        _lastLength = _length;
        _length = 0;
        if (_array != _kept)
        {
            ArrayPool<byte>.Shared.Return(_array);
            _array = _kept;
        }
    }

    public override void StartObject() => Start((byte)'{');

    public override void EndObject() => End((byte)'}');

    public override void StartArray() => Start((byte)'[');

    public override void EndArray() => End((byte)']');

    public override void Name(JsonName name)
    {
        byte[] member = name.Member;
        member.CopyTo(Room(member.Length));
        _length += member.Length;
    }

    public override void Name(string name) => Escaped(name, (byte)':');

    public override void Name(ReadOnlySpan<byte> name) => Plain(name, (byte)':');

    public override bool TryPlainName(string name) => TryPlain(name, (byte)':');

    public override void Text(JsonName text)
    {
        // With a comma in the place of the colon.
        Name(text);
        _array[_length - 1] = (byte)',';
    }

    public override void Text(string text) => Escaped(text, (byte)',');

    public override void Text(ReadOnlySpan<byte> text) => Plain(text, (byte)',');

    public override bool TryPlainText(string text) => TryPlain(text, (byte)',');

    public override void Base64(ReadOnlySpan<byte> bytes)
    {
        Span<byte> room = Room(System.Buffers.Text.Base64.GetMaxEncodedToUtf8Length(bytes.Length) + AroundText);
        System.Buffers.Text.Base64.EncodeToUtf8(bytes, room[1..], out _, out int length);
        Quote(room, length, (byte)',');
    }

    public override void Number(JsonKind kind, ulong bits)
    {
        Span<byte> room = Room(JsonNumberText.MaxLength + 1);
        int length = JsonNumberText.Format(kind, bits, room);
        room[length] = (byte)',';
        _length += length + 1;
    }

    public override void Numbers(JsonKind kind, IScalarList list)
    {
        for (int i = 0; i < list.Count; i++)
        {
            Number(kind, list.GetBits(i));
        }
    }

    public override void Null()
    {
        "null,"u8.CopyTo(Room(5));
        _length += 5;
    }

    private void Start(byte bracket)
    {
        Room(1)[0] = bracket;
        _length++;
    }

    private void End(byte bracket)
    {
        Span<byte> room = Room(2);
        int back = _array[_length - 1] == ',' ? 1 : 0;
        _length -= back;
        _array[_length] = bracket;
        _array[_length + 1] = (byte)',';
        _length += 2;
    }

    private void Plain(ReadOnlySpan<byte> text, byte end)
    {
        Span<byte> room = Room(text.Length + AroundText);
        text.CopyTo(room[1..]);
        Quote(room, text.Length, end);
    }

    private bool TryPlain(string text, byte end)
    {
        Span<byte> room = Room(checked(text.Length + AroundText));
        if (!PlainJsonText.TryNarrow(text, room[1..]))
        {
            return false;
        }

        Quote(room, text.Length, end);
        return true;
    }

    private void Escaped(string text, byte end)
    {
        text = Encoder.Encode(text);
        Span<byte> room = Room(checked(Encoding.UTF8.GetByteCount(text) + AroundText));
        Quote(room, Encoding.UTF8.GetBytes(text, room[1..]), end);
    }

    // Around what was written behind the first byte of the room.
    private void Quote(Span<byte> room, int length, byte end)
    {
        room[0] = (byte)'"';
        room[length + 1] = (byte)'"';
        room[length + 2] = end;
        _length += length + AroundText;
    }

    /// <summary>The rest of the array, at least as much as asked for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Span<byte> Room(int length)
    {
        if (length > _array.Length - _length)
        {
            Grow(length);
        }

        return _array.AsSpan(_length);
    }

    private void Grow(int more)
    {
        // One message is often as long as the last.
        long wanted = Math.Max(2L * _array.Length, Math.Min(_lastLength, MostExpected));
        byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Max(Math.Min(wanted, Array.MaxLength), checked(_length + more)));
        _array.AsSpan(0, _length).CopyTo(larger);
        if (_array != _kept)
        {
            ArrayPool<byte>.Shared.Return(_array);
        }

        _array = larger;
    }
}
