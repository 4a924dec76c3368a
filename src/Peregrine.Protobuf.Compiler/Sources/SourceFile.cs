// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Text;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf.Compiler.Sources;

/// <summary>The text of one .proto file. Offsets and columns count UTF-8 bytes, as protoc's do.</summary>
public sealed class SourceFile
{
    private readonly byte[] _text;
    private int[]? _lineStarts;

    /// <summary>Wraps the bytes of a file.</summary>
    /// <param name="path">The import path: how other files name this one.</param>
    /// <param name="text">UTF-8 text; the caller must not change it afterwards.</param>
    /// <param name="diskPath">Where the file lies on disk, or null if it does not.</param>
    /// <param name="isBuiltIn">Whether the file came with the compiler.</param>
    public SourceFile(string path, byte[] text, string? diskPath = null, bool isBuiltIn = false)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(text);
        Path = path;
        _text = text;
        DiskPath = diskPath;
        IsBuiltIn = isBuiltIn;
    }

    /// <summary>The import path.</summary>
    public string Path { get; }

    /// <summary>The path on disk, or null for a file that is held in memory or built in.</summary>
    public string? DiskPath { get; }

    /// <summary>Whether the file came with the compiler.</summary>
    public bool IsBuiltIn { get; }

    /// <summary>The descriptor of a file that has no text; null for one that has.</summary>
    internal FileDescriptorProto? Descriptor { get; init; }

    /// <summary>The bytes of the file.</summary>
    public ReadOnlySpan<byte> Bytes => _text;

    /// <summary>The text of a span; bytes that are not UTF-8 become U+FFFD.</summary>
    /// <param name="span">A span inside the file.</param>
    public string GetText(SourceSpan span) => Encoding.UTF8.GetString(_text, span.Start, span.Length);

    /// <summary>The line that holds an offset, without its line end.</summary>
    /// <param name="offset">An offset from zero to the length of the file.</param>
    public SourceSpan GetLineSpan(int offset)
    {
        ReadOnlySpan<byte> text = _text;
        int at = Math.Clamp(offset, 0, text.Length);
        int start = text[..at].LastIndexOf((byte)'\n') + 1;
        int length = text[start..].IndexOf((byte)'\n');
        if (length < 0)
        {
            length = text.Length - start;
        }

        if (length > 0 && text[start + length - 1] == (byte)'\r')
        {
            length--;
        }

        return new SourceSpan(start, length);
    }

    /// <summary>Line and column of an offset, both from 1; a tab advances to the next multiple of eight.</summary>
    /// <param name="offset">An offset from zero to the length of the file.</param>
    public (int Line, int Column) GetPosition(int offset)
    {
        int end = Math.Clamp(offset, 0, _text.Length);
        int[] starts = _lineStarts ??= FindLineStarts();
        int line = Array.BinarySearch(starts, end);
        line = line < 0 ? ~line : line + 1;
        int column = 0;
        foreach (byte b in _text.AsSpan(starts[line - 1]..end))
        {
            column += b == (byte)'\t' ? 8 - (column % 8) : 1;
        }

        return (line, column + 1);
    }

    private int[] FindLineStarts()
    {
        List<int> starts = [0];
        for (int i = 0; i < _text.Length; i++)
        {
            if (_text[i] == (byte)'\n')
            {
                starts.Add(i + 1);
            }
        }

        return [.. starts];
    }
}
