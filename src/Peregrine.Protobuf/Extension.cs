// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine.Protobuf;

/// <summary>An extension field of any type: the key to its value in a message.</summary>
public abstract class Extension
{
    private protected Extension(int fieldNumber)
    {
        FieldNumber = fieldNumber;
    }

    /// <summary>The message class that is extended.</summary>
    public abstract Type TargetType { get; }

    /// <summary>The field number.</summary>
    public int FieldNumber { get; }

    /// <summary>Whether the field is repeated.</summary>
    public abstract bool IsRepeated { get; }

    /// <summary>What is extended: the class, or of an extension known by its descriptor only, the message's descriptor.</summary>
    internal virtual object Target => TargetType;

    internal abstract ExtensionValue CreateValue();
}
