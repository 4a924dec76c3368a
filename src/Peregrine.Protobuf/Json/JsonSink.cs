// SPDX-License-Identifier: Apache-2.0
using System;
using Peregrine.Protobuf.Collections;

namespace Peregrine.Protobuf.Json;

/// <summary>
/// Where <see cref="JsonMessageWriter"/> puts the tokens of a JSON document: in our own compact text, or in the
/// <see cref="System.Text.Json.Utf8JsonWriter"/> that somebody gave us. It trusts its caller: nothing checks that tokens stand where they may.
/// </summary>
internal abstract class JsonSink
{
    public abstract void StartObject();

    public abstract void EndObject();

    public abstract void StartArray();

    public abstract void EndArray();

    /// <summary>Begins a member of an object.</summary>
    /// <param name="name">Its name: well-formed, as the names of all descriptors from a compiler are.</param>
    public abstract void Name(JsonName name);

    /// <summary>Begins a member of an object.</summary>
    /// <param name="name">Its name, any text; what of it is not well-formed becomes U+FFFD.</param>
    public abstract void Name(string name);

    /// <summary>Begins a member of an object.</summary>
    /// <param name="name">Its name: ASCII with nothing to escape.</param>
    public abstract void Name(ReadOnlySpan<byte> name);

    /// <summary>Begins a member of an object the fast way, where there is one for this name.</summary>
    /// <returns>False, with nothing written, if there is none; with true the name is known to be well-formed.</returns>
    public virtual bool TryPlainName(string name) => false;

    /// <summary>Writes a string that was made ready beforehand; it is well-formed.</summary>
    public abstract void Text(JsonName text);

    /// <summary>Writes a string; what of it is not well-formed becomes U+FFFD.</summary>
    public abstract void Text(string text);

    /// <summary>Writes a string of ASCII with nothing to escape.</summary>
    public abstract void Text(ReadOnlySpan<byte> text);

    /// <summary>Writes a string the fast way, where there is one for this text.</summary>
    /// <returns>False, with nothing written, if there is none; with true the text is known to be well-formed.</returns>
    public virtual bool TryPlainText(string text) => false;

    /// <summary>Writes bytes as a string of base64.</summary>
    public abstract void Base64(ReadOnlySpan<byte> bytes);

    /// <summary>Writes a number or a bool as <see cref="JsonNumberText"/> has it, which may be in quotes.</summary>
    public abstract void Number(JsonKind kind, ulong bits);

    /// <summary>Writes numbers or bools.</summary>
    public abstract void Numbers(JsonKind kind, IScalarList list);

    public abstract void Null();
}
