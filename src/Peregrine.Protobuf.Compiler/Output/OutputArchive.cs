// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Text;

namespace Peregrine.Protobuf.Compiler.Output;

/// <summary>
/// Writes generated files as a ZIP archive, not compressed and without times, so that the same files give the same bytes: those that protoc
/// writes. Platform archives would carry the time and the system of whoever made them.
/// </summary>
public static class OutputArchive
{
    private const string ManifestName = "META-INF/MANIFEST.MF";
    private const string Manifest = "Manifest-Version: 1.0\nCreated-By: 1.6.0 (protoc)\n\n";

    // The 1st of January 1980: the first day of the format.
    private const ushort Epoch = (1 << 5) | 1;
    private const ushort Version = 10;

    private readonly record struct Entry(byte[] Name, uint Checksum, uint Size, uint Offset);

    /// <summary>Whether the name of an output is that of an archive: <c>.zip</c>, <c>.jar</c> or <c>.srcjar</c>.</summary>
    /// <param name="path">The output.</param>
    public static bool IsArchive(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path.EndsWith(".zip", StringComparison.Ordinal) || path.EndsWith(".jar", StringComparison.Ordinal)
            || path.EndsWith(".srcjar", StringComparison.Ordinal);
    }

    /// <summary>Adds the manifest that Java wants in a <c>.jar</c>, if there is none.</summary>
    /// <param name="tree">The files.</param>
    public static void AddManifest(OutputTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        if (!tree.Files.ContainsKey(ManifestName))
        {
            tree.Add(ManifestName, Encoding.UTF8.GetBytes(Manifest));
        }
    }

    /// <summary>Writes an archive.</summary>
    /// <param name="output">Where to write.</param>
    /// <param name="tree">The files.</param>
    /// <exception cref="InvalidDataException">There are more files, or larger ones, than the format holds.</exception>
    public static void Write(Stream output, OutputTree tree)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(tree);
        List<Entry> entries = [];
        long offset = 0;
        foreach ((string name, byte[] content) in tree.Files)
        {
            Entry entry = new(Encoding.UTF8.GetBytes(name), Checksum(content), (uint)content.Length, (uint)offset);
            List<byte> header = [];
            Add32(header, 0x04034b50);
            AddDescription(header, entry);
            header.AddRange(entry.Name);
            output.Write([.. header]);
            output.Write(content);
            entries.Add(entry);
            offset += header.Count + content.Length;
        }

        if (offset > uint.MaxValue || entries.Count > ushort.MaxValue || entries.Exists(entry => entry.Name.Length > ushort.MaxValue))
        {
            throw new InvalidDataException("The output is larger than an archive can be: 4 GiB in 65,535 files.");
        }

        WriteDirectory(output, entries, (uint)offset);
    }

    private static void WriteDirectory(Stream output, List<Entry> entries, uint offset)
    {
        List<byte> directory = [];
        foreach (Entry entry in entries)
        {
            Add32(directory, 0x02014b50);
            Add16(directory, Version);
            AddDescription(directory, entry);
            Add16(directory, 0); // length of a comment
            Add16(directory, 0); // disk
            Add16(directory, 0); // internal attributes
            Add32(directory, 0); // external attributes
            Add32(directory, entry.Offset);
            directory.AddRange(entry.Name);
        }

        uint length = (uint)directory.Count;
        Add32(directory, 0x06054b50);
        Add16(directory, 0); // disk
        Add16(directory, 0); // disk of the directory
        Add16(directory, (ushort)entries.Count);
        Add16(directory, (ushort)entries.Count);
        Add32(directory, length);
        Add32(directory, offset);
        Add16(directory, 0); // length of a comment
        output.Write([.. directory]);
    }

    // What stands before a file and in the directory alike.
    private static void AddDescription(List<byte> output, Entry entry)
    {
        Add16(output, Version);
        Add16(output, 0); // flags
        Add16(output, 0); // stored
        Add16(output, 0); // time
        Add16(output, Epoch);
        Add32(output, entry.Checksum);
        Add32(output, entry.Size);
        Add32(output, entry.Size);
        Add16(output, (ushort)entry.Name.Length);
        Add16(output, 0); // length of extra fields
    }

    private static void Add16(List<byte> output, ushort value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
        output.AddRange(bytes);
    }

    private static void Add32(List<byte> output, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        output.AddRange(bytes);
    }

    // CRC-32 of IEEE 802.3, bit by bit: archives are small, and the framework has no public one.
    private static uint Checksum(byte[] content)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in content)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
            }
        }

        return ~crc;
    }
}
