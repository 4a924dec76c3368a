// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Schema;

/// <summary>Writes the names of types as short as the place where they stand allows.</summary>
internal sealed class TypeNames
{
    private readonly DescriptorPool _pool;
    private readonly HashSet<string> _packages = [];

    /// <summary>Makes one for the names of a pool.</summary>
    public TypeNames(DescriptorPool pool)
    {
        _pool = pool;
        foreach (var file in pool.Files)
        {
            for (var package = file.Package; package.Length > 0; package = Parent(package))
            {
                _packages.Add(package);
            }
        }
    }

    /// <summary>The type of a field: a keyword, or a name.</summary>
    public string OfField(FieldDescriptor field, string scope) => field.FieldType switch
    {
        FieldType.Message or FieldType.Group => Write(field.MessageType, scope),
        FieldType.Enum => Write(field.EnumType, scope),
        var scalar => scalar.ToString().ToLowerInvariant(),
    };

    /// <summary>The name of a type.</summary>
    /// <param name="type">The type.</param>
    /// <param name="scope">The full name of what the name stands in: a message, a service, a package.</param>
    public string Write(DescriptorBase type, string scope)
    {
        // What stands in the same package, or deeper in common, is named from there, if that name is taken for nothing else.
        for (var common = scope; common.Length > 0; common = Parent(common))
        {
            if (type.FullName.StartsWith(common + ".", StringComparison.Ordinal) && Means(type.FullName[(common.Length + 1)..], scope, type.FullName))
            {
                return type.FullName[(common.Length + 1)..];
            }
        }

        return Means(type.FullName, scope, type.FullName) ? type.FullName : "." + type.FullName;
    }

    // A name is looked up by its first part, from the inside out; the rest must be in what is found first.
    private bool Means(string written, string scope, string fullName)
    {
        var dot = written.IndexOf('.', StringComparison.Ordinal);
        var first = dot < 0 ? written : written[..dot];
        for (var around = scope; ; around = Parent(around))
        {
            var candidate = around.Length == 0 ? first : around + "." + first;
            if (_packages.Contains(candidate) || _pool.FindSymbol(candidate) is not null)
            {
                return candidate + written[first.Length..] == fullName;
            }

            if (around.Length == 0)
            {
                return false;
            }
        }
    }

    private static string Parent(string name) => name.LastIndexOf('.') is var dot && dot > 0 ? name[..dot] : "";
}
