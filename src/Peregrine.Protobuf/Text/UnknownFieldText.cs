// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers.Binary;
using System.Globalization;
using Peregrine.Protobuf.Literals;
using Peregrine.Protobuf.Wire;

namespace Peregrine.Protobuf.Text;

/// <summary>
/// Writes fields of which only the wire form is known, named by their numbers. What has a length is shown as a message if it can be
/// read as one, else as a string.
/// </summary>
internal static class UnknownFieldText
{
    // How deep bytes are tried as messages: protoc's number.
    private const int MaxGuesses = 10;

    /// <summary>Writes encoded fields, which must be well-formed.</summary>
    public static void Write(TextLayout layout, ReadOnlySpan<byte> fields)
    {
        ReadOnlySpan<byte> rest = fields;
        WriteUpToEndGroup(layout, ref rest, MaxGuesses);
    }

    private static void WriteUpToEndGroup(TextLayout layout, ref ReadOnlySpan<byte> rest, int guesses)
    {
        while (!rest.IsEmpty && TryReadTag(ref rest, out int number, out WireType type) && type != WireType.EndGroup)
        {
            string name = number.ToString(CultureInfo.InvariantCulture);
            switch (type)
            {
                case WireType.Varint:
                    rest = rest[Varint.TryRead(rest, out ulong varint)..];
                    layout.Scalar(name, varint.ToString(CultureInfo.InvariantCulture));
                    break;
                case WireType.Fixed32:
                    layout.Scalar(name, string.Create(CultureInfo.InvariantCulture, $"0x{BinaryPrimitives.ReadUInt32LittleEndian(rest):x8}"));
                    rest = rest[sizeof(uint)..];
                    break;
                case WireType.Fixed64:
                    layout.Scalar(name, string.Create(CultureInfo.InvariantCulture, $"0x{BinaryPrimitives.ReadUInt64LittleEndian(rest):x16}"));
                    rest = rest[sizeof(ulong)..];
                    break;
                case WireType.StartGroup:
                    layout.Open(name);
                    WriteUpToEndGroup(layout, ref rest, guesses - 1);
                    layout.Close();
                    break;
                case WireType.LengthDelimited:
                    rest = rest[Varint.TryRead(rest, out ulong length)..];
                    WriteBytes(layout, name, rest[..(int)length], guesses);
                    rest = rest[(int)length..];
                    break;
            }
        }
    }

    private static void WriteBytes(TextLayout layout, string name, ReadOnlySpan<byte> bytes, int guesses)
    {
        if (bytes.IsEmpty || guesses <= 0 || !IsMessage(bytes, guesses))
        {
            layout.Scalar(name, $"\"{TextLiterals.Escape(bytes)}\"");
            return;
        }

        layout.Open(name);
        WriteUpToEndGroup(layout, ref bytes, guesses - 1);
        layout.Close();
    }

    /// <summary>Whether bytes are well-formed fields, with groups nested no deeper than <paramref name="depth"/>.</summary>
    private static bool IsMessage(ReadOnlySpan<byte> bytes, int depth)
    {
        // The numbers of the groups that are open.
        Span<int> groups = stackalloc int[MaxGuesses];
        int open = 0;
        while (!bytes.IsEmpty)
        {
            if (!TryReadTag(ref bytes, out int number, out WireType type))
            {
                return false;
            }

            long size;
            switch (type)
            {
                case WireType.Varint:
                    size = Varint.TryRead(bytes, out _) is > 0 and int read ? read : long.MaxValue;
                    break;
                case WireType.Fixed32:
                    size = sizeof(uint);
                    break;
                case WireType.Fixed64:
                    size = sizeof(ulong);
                    break;
                case WireType.LengthDelimited:
                    int prefix = Varint.TryRead(bytes, out ulong length);
                    size = prefix > 0 && length <= int.MaxValue ? prefix + (long)length : long.MaxValue;
                    break;
                case WireType.StartGroup when open < depth:
                    groups[open++] = number;
                    size = 0;
                    break;
                case WireType.EndGroup when open > 0 && groups[open - 1] == number:
                    open--;
                    size = 0;
                    break;
                default:
                    return false;
            }

            if (size > bytes.Length)
            {
                return false;
            }

            bytes = bytes[(int)size..];
        }

        return open == 0;
    }

    private static bool TryReadTag(ref ReadOnlySpan<byte> bytes, out int number, out WireType type)
    {
        int length = Varint.TryRead(bytes, out ulong tag);
        bytes = bytes[length..];
        number = (int)(tag >> 3);
        type = (WireType)(tag & 7);
        return length > 0 && tag <= uint.MaxValue && number > 0;
    }
}
