// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine.Http2.Hpack;

/// <summary>The 61 fields of RFC 7541 appendix A, and a lookup over them that allocates nothing.</summary>
internal static class StaticTable
{
    /// <summary>How many fields there are; the dynamic table's indexes follow.</summary>
    public const int Count = 61;

    // Open addressing over 128 slots: at most half full, so a search ends after a probe or two. A slot holds a 1-based index.
    private const int SlotMask = 127;

    private static readonly HeaderTableEntry[] Entries = CreateEntries();
    private static readonly byte[] NameSlots = CreateNameSlots();

    /// <summary>The field at a 1-based index.</summary>
    public static HeaderTableEntry Get(int index) => Entries[index - 1];

    /// <summary>The first index whose name equals <paramref name="name"/>; 0 when there is none.</summary>
    public static int FindName(ReadOnlySpan<byte> name)
    {
        for (int slot = Hash(name) & SlotMask; NameSlots[slot] != 0; slot = (slot + 1) & SlotMask)
        {
            int index = NameSlots[slot];
            if (name.SequenceEqual(Entries[index - 1].NameArray))
            {
                return index;
            }
        }

        return 0;
    }

    /// <summary>The index that holds name and value; 0 when there is none.</summary>
    public static int Find(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        // Fields of one name stand side by side.
        for (int index = FindName(name); index is > 0 and <= Count; index++)
        {
            HeaderTableEntry entry = Entries[index - 1];
            if (!name.SequenceEqual(entry.NameArray))
            {
                break;
            }

            if (value.SequenceEqual(entry.ValueArray))
            {
                return index;
            }
        }

        return 0;
    }

    private static int Hash(ReadOnlySpan<byte> name) =>
        name.IsEmpty ? 0 : (name.Length * 31) + (name[0] * 7) + (name[^1] * 13) + (name[name.Length / 2] * 3);

    private static byte[] CreateNameSlots()
    {
        byte[] slots = new byte[SlotMask + 1];
        for (int index = 1; index <= Count; index++)
        {
            byte[] name = Entries[index - 1].NameArray;
            if (index > 1 && name.AsSpan().SequenceEqual(Entries[index - 2].NameArray))
            {
                continue;
            }

            int slot = Hash(name) & SlotMask;
            while (slots[slot] != 0)
            {
                slot = (slot + 1) & SlotMask;
            }

            slots[slot] = (byte)index;
        }

        return slots;
    }

    private static HeaderTableEntry[] CreateEntries() =>
    [
        Entry(":authority"u8, ""u8),
        Entry(":method"u8, "GET"u8),
        Entry(":method"u8, "POST"u8),
        Entry(":path"u8, "/"u8),
        Entry(":path"u8, "/index.html"u8),
        Entry(":scheme"u8, "http"u8),
        Entry(":scheme"u8, "https"u8),
        Entry(":status"u8, "200"u8),
        Entry(":status"u8, "204"u8),
        Entry(":status"u8, "206"u8),
        Entry(":status"u8, "304"u8),
        Entry(":status"u8, "400"u8),
        Entry(":status"u8, "404"u8),
        Entry(":status"u8, "500"u8),
        Entry("accept-charset"u8, ""u8),
        Entry("accept-encoding"u8, "gzip, deflate"u8),
        Entry("accept-language"u8, ""u8),
        Entry("accept-ranges"u8, ""u8),
        Entry("accept"u8, ""u8),
        Entry("access-control-allow-origin"u8, ""u8),
        Entry("age"u8, ""u8),
        Entry("allow"u8, ""u8),
        Entry("authorization"u8, ""u8),
        Entry("cache-control"u8, ""u8),
        Entry("content-disposition"u8, ""u8),
        Entry("content-encoding"u8, ""u8),
        Entry("content-language"u8, ""u8),
        Entry("content-length"u8, ""u8),
        Entry("content-location"u8, ""u8),
        Entry("content-range"u8, ""u8),
        Entry("content-type"u8, ""u8),
        Entry("cookie"u8, ""u8),
        Entry("date"u8, ""u8),
        Entry("etag"u8, ""u8),
        Entry("expect"u8, ""u8),
        Entry("expires"u8, ""u8),
        Entry("from"u8, ""u8),
        Entry("host"u8, ""u8),
        Entry("if-match"u8, ""u8),
        Entry("if-modified-since"u8, ""u8),
        Entry("if-none-match"u8, ""u8),
        Entry("if-range"u8, ""u8),
        Entry("if-unmodified-since"u8, ""u8),
        Entry("last-modified"u8, ""u8),
        Entry("link"u8, ""u8),
        Entry("location"u8, ""u8),
        Entry("max-forwards"u8, ""u8),
        Entry("proxy-authenticate"u8, ""u8),
        Entry("proxy-authorization"u8, ""u8),
        Entry("range"u8, ""u8),
        Entry("referer"u8, ""u8),
        Entry("refresh"u8, ""u8),
        Entry("retry-after"u8, ""u8),
        Entry("server"u8, ""u8),
        Entry("set-cookie"u8, ""u8),
        Entry("strict-transport-security"u8, ""u8),
        Entry("transfer-encoding"u8, ""u8),
        Entry("user-agent"u8, ""u8),
        Entry("vary"u8, ""u8),
        Entry("via"u8, ""u8),
        Entry("www-authenticate"u8, ""u8),
    ];

    private static HeaderTableEntry Entry(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => new(name.ToArray(), value);
}
