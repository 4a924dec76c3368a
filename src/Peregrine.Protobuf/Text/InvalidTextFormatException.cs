// SPDX-License-Identifier: Apache-2.0
using System.IO;

namespace Peregrine.Protobuf.Text;

/// <summary>Text that is not in text format, or that does not suit the message; it says where and why.</summary>
public sealed class InvalidTextFormatException : IOException
{
    internal InvalidTextFormatException(string reason, int line, int column, string path)
        : base($"{reason} At line {line}, column {column}{(path.Length == 0 ? "" : ", in field " + path)}.")
    {
        Reason = reason;
        Line = line;
        Column = column;
        Path = path;
    }

    /// <summary>What is wrong, in one or two sentences, without the place.</summary>
    public string Reason { get; }

    /// <summary>The line, counted from 1.</summary>
    public int Line { get; }

    /// <summary>The column in bytes, counted from 1; a tab leads to the next multiple of eight.</summary>
    public int Column { get; }

    /// <summary>The field, from the root: <c>orders[2].price</c>; empty at the root.</summary>
    public string Path { get; }
}
