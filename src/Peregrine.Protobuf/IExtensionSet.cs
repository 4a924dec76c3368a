// SPDX-License-Identifier: Apache-2.0
using System.Collections;
using System.Collections.Generic;

namespace Peregrine.Protobuf;

/// <summary>The extension values of a message without their static types, for reflection and text formats.</summary>
public interface IExtensionSet
{
    /// <summary>The extensions that are set, by field number; of a repeated one the value is its live list.</summary>
    IEnumerable<(Extension Extension, object Value)> Values { get; }

    /// <summary>The value of an extension; null when it is not set.</summary>
    object? Get(Extension extension);

    /// <summary>The live list of a repeated extension, made when it is not set.</summary>
    /// <exception cref="System.ArgumentException">The extension is singular or of another message type.</exception>
    IList GetOrCreateList(Extension extension);

    /// <summary>Sets an extension: a value (an enum also by its number), or for a repeated one a sequence of elements.</summary>
    /// <exception cref="System.ArgumentException">The extension is of another message type.</exception>
    /// <exception cref="System.InvalidCastException">The value is of another type.</exception>
    void Set(Extension extension, object value);

    /// <summary>Whether an extension is set.</summary>
    bool Has(Extension extension);

    /// <summary>Unsets an extension.</summary>
    void Clear(Extension extension);
}
