// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf.Compiler.CSharp.Model;

/// <summary>An enum with its C# names.</summary>
internal sealed class EnumModel
{
    private Dictionary<string, EnumValueModel>? _byName;

    /// <summary>The descriptor as compiled.</summary>
    public required EnumDescriptorProto Proto { get; init; }

    /// <summary>The file that declares it.</summary>
    public required FileModel File { get; init; }

    /// <summary>The position in the parent's (or the file's) list.</summary>
    public required int Index { get; init; }

    /// <summary>The full .proto name, without a leading period.</summary>
    public required string FullName { get; init; }

    /// <summary>The C# enum, not qualified, keywords not escaped.</summary>
    public required string ClassName { get; init; }

    /// <summary>The enum, from the global namespace on.</summary>
    public required string QualifiedName { get; init; }

    /// <summary>The documentation comment; empty if none.</summary>
    public required string Comment { get; init; }

    /// <summary>Whether unknown numbers go to the unknown fields instead of the field.</summary>
    public required bool IsClosed { get; init; }

    /// <summary>Whether it is marked deprecated.</summary>
    public bool IsDeprecated => Proto.Options?.Deprecated ?? false;

    /// <summary>The values in declaration order.</summary>
    public List<EnumValueModel> Values { get; } = [];

    /// <summary>The value of an enum field that is not set: the first declared.</summary>
    public EnumValueModel Default => Values[0];

    /// <summary>Finds a value by its .proto name.</summary>
    /// <exception cref="CSharpGeneratorException">There is none of that name.</exception>
    public EnumValueModel Find(string name)
    {
        var byName = _byName;
        if (byName is null)
        {
            // Other threads may do the same meanwhile; they see nothing, or a whole one.
            byName = new Dictionary<string, EnumValueModel>(Values.Count, StringComparer.Ordinal);
            foreach (var value in Values)
            {
                byName.TryAdd(value.OriginalName, value);
            }

            _byName = byName;
        }

        return byName.TryGetValue(name, out var found) ? found
            : throw new CSharpGeneratorException($"The descriptor of \"{File.Path}\" is wrong: \"{FullName}\" has no value \"{name}\". Make it anew from its .proto file.");
    }
}
