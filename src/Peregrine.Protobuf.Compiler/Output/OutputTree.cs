// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Text;

namespace Peregrine.Protobuf.Compiler.Output;

/// <summary>
/// The files generated for one place, in memory until all generators are done: one may insert text into files of another, and when one
/// fails, nothing is written.
/// </summary>
public sealed class OutputTree
{
    private readonly SortedDictionary<string, byte[]> _files = new(StringComparer.Ordinal);

    /// <summary>The files by name, in the order of the names.</summary>
    public IReadOnlyDictionary<string, byte[]> Files => _files;

    /// <summary>Adds a file.</summary>
    /// <param name="name">The relative path, with <c>/</c> between folders.</param>
    /// <param name="content">The bytes.</param>
    /// <exception cref="ArgumentException">The name is not allowed, or taken.</exception>
    public void Add(string name, byte[] content)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(content);
        if (!_files.TryAdd(OutputName.Normalize(name), content))
        {
            throw new ArgumentException($"The output file \"{name}\" is generated twice.");
        }
    }

    /// <summary>
    /// Inserts text above the line that contains <c>@@protoc_insertion_point(POINT)</c>, indented like that line; in front of the comment
    /// if it is one of the form <c>/* @@protoc_insertion_point(POINT) */</c> and has only a blank in front. What is inserted later stands
    /// behind what was inserted before.
    /// </summary>
    /// <param name="name">A file that was added.</param>
    /// <param name="point">The name of the insertion point.</param>
    /// <param name="content">UTF-8 text; a line end is added if it has none at its end.</param>
    /// <exception cref="ArgumentException">There is no such file, or no such point in it.</exception>
    public void Insert(string name, string point, ReadOnlySpan<byte> content)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(point);
        if (name.Length == 0 || !_files.TryGetValue(OutputName.Normalize(name), out byte[]? bytes))
        {
            throw new ArgumentException($"Text is to be inserted into the output file \"{name}\", which has not been generated.");
        }

        ReadOnlySpan<byte> target = bytes;
        int at = target.IndexOf(Encoding.UTF8.GetBytes($"@@protoc_insertion_point({point})"));
        if (at < 0)
        {
            throw new ArgumentException($"The output file \"{name}\" has no insertion point \"{point}\".");
        }

        at = at > 3 && target[(at - 3)..(at - 1)].SequenceEqual("/*"u8) ? at - 3 : target[..at].LastIndexOf((byte)'\n') + 1;
        ReadOnlySpan<byte> indent = target[at..];
        indent = indent[..Math.Max(0, indent.IndexOfAnyExcept((byte)' ', (byte)'\t'))];
        List<byte> result = new(target.Length + content.Length + 16);
        result.AddRange(target[..at]);
        AddIndented(result, content, indent);
        result.AddRange(target[at..]);
        _files[OutputName.Normalize(name)] = [.. result];
    }

    private static void AddIndented(List<byte> result, ReadOnlySpan<byte> content, ReadOnlySpan<byte> indent)
    {
        while (content.Length > 0)
        {
            int end = content.IndexOf((byte)'\n') + 1;
            ReadOnlySpan<byte> line = end == 0 ? content : content[..end];
            result.AddRange(indent);
            result.AddRange(line);
            content = content[line.Length..];
            if (end == 0)
            {
                result.Add((byte)'\n');
            }
        }
    }
}
