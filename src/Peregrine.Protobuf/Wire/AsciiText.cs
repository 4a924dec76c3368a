// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace Peregrine.Protobuf.Wire;

/// <summary>
/// ASCII between bytes and characters in one pass: looked at and copied at once. Most texts in messages are short, and for them the way into
/// the framework's routines, which are faster for long ones, takes longer than the work.
/// </summary>
internal static class AsciiText
{
    // From here on the framework's wider vectors win.
    private const int Long = 64;

    // Set in a byte, or in a character, that is not ASCII.
    private const ulong NotAsciiBytes = 0x8080808080808080;
    private const ulong NotAsciiChars = 0xFF80FF80FF80FF80;

    /// <summary>A string of the characters; null if one of them is not ASCII.</summary>
    public static string? TryDecode(ReadOnlySpan<byte> bytes)
    {
        Debug.Assert(bytes.Length != 0, "The empty string is not allocated.");
        if (!StartsWithAscii(bytes))
        {
            // Most texts in other scripts end here, before anything is allocated for them.
            return null;
        }

        string text = new('\0', bytes.Length);

        // Nobody else has seen the string yet: this is what string.Create does, without a call of a delegate.
        Span<char> characters = MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(text.AsSpan()), text.Length);
        return TryWiden(bytes, characters) ? text : null;
    }

    /// <summary>How many bytes the text takes in UTF-8.</summary>
    public static int Utf8Length(string text)
    {
        if (text.Length >= Long)
        {
            return Encoding.UTF8.GetByteCount(text);
        }

        ref char source = ref MemoryMarshal.GetReference(text.AsSpan());
        ulong seen = 0;
        int i = 0;
        for (; i <= text.Length - 4; i += 4)
        {
            seen |= Read(ref source, i);
        }

        for (; i < text.Length; i++)
        {
            seen |= Unsafe.Add(ref source, i);
        }

        return (seen & NotAsciiChars) == 0 ? text.Length : Encoding.UTF8.GetByteCount(text);
    }

    /// <summary>Writes the text, one byte a character.</summary>
    /// <param name="text">The text.</param>
    /// <param name="destination">Where to; at least as long. What is in it is undefined when the text is not ASCII.</param>
    /// <returns>False if the text is not ASCII.</returns>
    public static bool TryNarrow(string text, Span<byte> destination)
    {
        Debug.Assert(destination.Length >= text.Length, "The caller has made room.");
        if (text.Length >= Long)
        {
            return Ascii.FromUtf16(text, destination, out _) == OperationStatus.Done;
        }

        ref char source = ref MemoryMarshal.GetReference(text.AsSpan());
        ref byte target = ref MemoryMarshal.GetReference(destination);
        if (text.Length < 8)
        {
            uint seen = 0;
            for (int i = 0; i < text.Length; i++)
            {
                uint c = Unsafe.Add(ref source, i);
                seen |= c;
                Unsafe.Add(ref target, i) = (byte)c;
            }

            return seen < 0x80;
        }

        // Eight at a time; the last eight overlap those before.
        Vector128<ushort> all = default;
        for (int i = 0; ; i = Math.Min(i + 8, text.Length - 8))
        {
            Vector128<ushort> eight = Vector128.LoadUnsafe(ref Unsafe.As<char, ushort>(ref source), (nuint)i);
            all |= eight;
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref target, i), Vector128.Narrow(eight, eight).AsUInt64().ToScalar());
            if (i == text.Length - 8)
            {
                return (all & Vector128.Create((ushort)0xFF80)) == default;
            }
        }
    }

    private static bool TryWiden(ReadOnlySpan<byte> bytes, Span<char> text)
    {
        if (bytes.Length >= Long)
        {
            return Ascii.ToUtf16(bytes, text, out _) == OperationStatus.Done;
        }

        ref byte source = ref MemoryMarshal.GetReference(bytes);
        ref char target = ref MemoryMarshal.GetReference(text);
        if (bytes.Length < 8)
        {
            uint seen = 0;
            if (bytes.Length >= 4)
            {
                // Four, and the last four.
                uint first = Unsafe.ReadUnaligned<uint>(ref source);
                uint last = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref source, bytes.Length - 4));
                Unsafe.WriteUnaligned(ref Unsafe.As<char, byte>(ref target), Widen(first));
                Unsafe.WriteUnaligned(ref Unsafe.As<char, byte>(ref Unsafe.Add(ref target, bytes.Length - 4)), Widen(last));
                return ((first | last) & unchecked((uint)NotAsciiBytes)) == 0;
            }

            for (int i = 0; i < bytes.Length; i++)
            {
                byte b = Unsafe.Add(ref source, i);
                seen |= b;
                Unsafe.Add(ref target, i) = (char)b;
            }

            return seen < 0x80;
        }

        ulong all = 0;
        for (int i = 0; ; i = Math.Min(i + 8, bytes.Length - 8))
        {
            ulong eight = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref source, i));
            all |= eight;
            Vector128.WidenLower(Vector128.CreateScalarUnsafe(eight).AsByte()).StoreUnsafe(ref Unsafe.As<char, ushort>(ref target), (nuint)i);
            if (i == bytes.Length - 8)
            {
                return (all & NotAsciiBytes) == 0;
            }
        }
    }

    private static ulong Widen(uint four) => Vector128.WidenLower(Vector128.CreateScalarUnsafe(four).AsByte()).AsUInt64().ToScalar();

    // Of a text of several vectors all is looked at ahead: allocated for nothing it would cost more than the second look.
    private static bool StartsWithAscii(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        < sizeof(ulong) => true,
        < 4 * Long => (MemoryMarshal.Read<ulong>(bytes) & NotAsciiBytes) == 0,
        _ => Ascii.IsValid(bytes),
    };

    private static ulong Read(ref char source, int index) =>
        Unsafe.ReadUnaligned<ulong>(ref Unsafe.As<char, byte>(ref Unsafe.Add(ref source, index)));
}
