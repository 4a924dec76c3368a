// SPDX-License-Identifier: Apache-2.0
using System;
using System.IO;

namespace Peregrine.Protobuf.Compiler.Sources;

/// <summary>
/// Reads whole inputs, up to a limit: a device or a pipe never ends, and what comes behind the limit would only fill the memory.
/// </summary>
public static class InputBytes
{
    /// <summary>The most bytes of a text: a quarter of a GiB, a hundred times the longest .proto file that anybody is known to have.</summary>
    public const int MaxText = 1 << 28;

    /// <summary>The most bytes of messages, such as a descriptor set or a plugin's answer: half of what the encoding can hold.</summary>
    public const int MaxMessages = 1 << 30;

    // Of a pipe the length is not known; most that comes through one fits this.
    private const int FirstSize = 1 << 16;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file; a pipe or a device, too.</param>
    /// <param name="limit">The most bytes that it may have.</param>
    /// <exception cref="IOException">The file cannot be read, or is longer.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static byte[] ReadFile(string path, int limit)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
        return Read(file, limit);
    }

    /// <summary>Reads a stream to its end.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="limit">The most bytes that it may have.</param>
    /// <exception cref="IOException">The stream cannot be read, or is longer.</exception>
    public static byte[] Read(Stream stream, int limit)
    {
        ArgumentNullException.ThrowIfNull(stream);

        long known = stream.CanSeek ? stream.Length : 0;
        CheckLength(known, limit);
        byte[] bytes = new byte[known > 0 ? known : FirstSize];
        int length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);

        // Devices and the files of /proc say that they are empty: their end is where nothing more comes.
        while (known == 0 && length == bytes.Length)
        {
            CheckLength(length, limit);
            Array.Resize(ref bytes, (int)Math.Min(2L * length, limit + 1L));
            length += stream.ReadAtLeast(bytes.AsSpan(length), bytes.Length - length, throwOnEndOfStream: false);
        }

        CheckLength(length, limit);
        Array.Resize(ref bytes, length);
        return bytes;
    }

    private static void CheckLength(long length, int limit)
    {
        if (length > limit)
        {
            throw new IOException($"It is longer than {limit >> 20} MiB, which is more than is read.");
        }
    }
}
