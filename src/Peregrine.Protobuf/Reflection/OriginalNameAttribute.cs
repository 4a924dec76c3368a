// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine.Protobuf.Reflection;

/// <summary>The name that an enum value has in the .proto file.</summary>
[AttributeUsage(AttributeTargets.Field)]
public sealed class OriginalNameAttribute : Attribute
{
    /// <summary>Names the value <paramref name="name"/>.</summary>
    public OriginalNameAttribute(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        Name = name;
        PreferredAlias = true;
    }

    /// <summary>The name in the .proto file.</summary>
    public string Name { get; }

    /// <summary>Whether this is the name to print among several of one number.</summary>
    public bool PreferredAlias { get; set; }
}
