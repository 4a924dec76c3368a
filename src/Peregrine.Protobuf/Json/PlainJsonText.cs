// SPDX-License-Identifier: Apache-2.0
using System;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Peregrine.Protobuf.Json;

/// <summary>Text that stands in JSON as it is, one byte a character: printable ASCII without quotes and backslashes. Looked at and copied at once.</summary>
internal static class PlainJsonText
{
    private const char First = ' ';
    private const char Last = '~';

    /// <summary>Writes a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="destination">Where to; at least as long. What is in it is undefined when the text is not plain.</param>
    /// <returns>False if the text is not plain.</returns>
    public static bool TryNarrow(string text, Span<byte> destination)
    {
        Debug.Assert(destination.Length >= text.Length, "The caller has made room.");
        ref ushort source = ref Unsafe.As<char, ushort>(ref MemoryMarshal.GetReference(text.AsSpan()));
        ref byte target = ref MemoryMarshal.GetReference(destination);
        if (text.Length < Vector128<ushort>.Count)
        {
            bool isPlain = true;
            for (int i = 0; i < text.Length; i++)
            {
                ushort c = Unsafe.Add(ref source, i);
                isPlain &= (uint)(c - First) <= Last - First && c != '"' && c != '\\';
                Unsafe.Add(ref target, i) = (byte)c;
            }

            return isPlain;
        }

        // Eight at a time; the last eight overlap those before.
        Vector128<ushort> wrong = default;
        int last = text.Length - Vector128<ushort>.Count;
        for (int i = 0; ; i = Math.Min(i + Vector128<ushort>.Count, last))
        {
            Vector128<ushort> eight = Vector128.LoadUnsafe(ref source, (nuint)i);
            wrong |= NotPlain(eight);
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref target, i), Vector128.Narrow(eight, eight).AsUInt64().ToScalar());
            if (i == last)
            {
                return wrong == default;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ushort> NotPlain(Vector128<ushort> text) =>
        Vector128.GreaterThan(text - Vector128.Create((ushort)First), Vector128.Create((ushort)(Last - First)))
        | Vector128.Equals(text, Vector128.Create((ushort)'"'))
        | Vector128.Equals(text, Vector128.Create((ushort)'\\'));
}
