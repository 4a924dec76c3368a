// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Linq;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf.Compiler.CSharp.Model;

/// <summary>The comments of a file by the path of the declaration that they belong to (<c>SourceCodeInfo</c>).</summary>
internal sealed class CommentTable
{
    private readonly Dictionary<string, string> _comments = new(StringComparer.Ordinal);

    /// <summary>Reads the table from the file's source information; without it the table is empty.</summary>
    public CommentTable(FileDescriptorProto file)
    {
        foreach (var location in file.SourceCodeInfo?.Location.AsEnumerable() ?? [])
        {
            var text = location.LeadingComments.Length != 0 ? location.LeadingComments : location.TrailingComments;
            if (text.Length != 0)
            {
                _comments.TryAdd(string.Join('.', location.Path), text);
            }
        }
    }

    /// <summary>The comment before the declaration, else the one after it, else the empty text.</summary>
    public string Of(string path) => _comments.GetValueOrDefault(path, "");
}
