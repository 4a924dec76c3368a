// SPDX-License-Identifier: Apache-2.0
using System;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Peregrine;

/// <summary>A name on which a server of this process listens: <c>inproc:name</c>. Names are compared as they are written.</summary>
internal sealed class InProcessEndPoint(string name) : EndPoint, IEquatable<InProcessEndPoint>
{
    /// <summary>What addresses of this kind begin with.</summary>
    public const string Scheme = "inproc:";

    /// <summary>The name, without the scheme.</summary>
    public string Name { get; } = name;

    /// <inheritdoc/>
    public override AddressFamily AddressFamily => AddressFamily.Unspecified;

    /// <summary>Reads <c>inproc:name</c>. False: the text is an address of another kind.</summary>
    /// <param name="text">The address.</param>
    /// <param name="endPoint">The end point; null when there is none.</param>
    /// <param name="problem">What is wrong with an address of this kind; null when nothing is.</param>
    public static bool TryParse(string text, out InProcessEndPoint? endPoint, out string? problem)
    {
        endPoint = null;
        problem = null;
        if (!text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var name = text[Scheme.Length..];
        if (name.Length == 0 || name.StartsWith('/'))
        {
            problem = "write inproc:name, with the name on which a server of this process listens";
        }
        else
        {
            endPoint = new InProcessEndPoint(name);
        }

        return true;
    }

    /// <inheritdoc/>
    public bool Equals([NotNullWhen(true)] InProcessEndPoint? other) => other is not null && string.Equals(Name, other.Name, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? comparand) => Equals(comparand as InProcessEndPoint);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Name);

    /// <inheritdoc/>
    public override string ToString() => Scheme + Name;
}
