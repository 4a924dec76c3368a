// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Frozen;
using System.Collections.Generic;
using System.IO.Compression;
using System.Linq;
using System.Text;

namespace Peregrine.Compression;

/// <summary>The encodings of one channel or server, found by name. Immutable.</summary>
internal sealed class CompressionProviderSet
{
    /// <summary>The name that stands for no compression.</summary>
    public const string Identity = "identity";

    private readonly FrozenDictionary<string, ICompressionProvider> _providers;

    /// <summary>Collects providers; of two with one name the later wins.</summary>
    public CompressionProviderSet(IEnumerable<ICompressionProvider> providers)
    {
        var byName = new Dictionary<string, ICompressionProvider>(StringComparer.Ordinal);
        foreach (ICompressionProvider provider in providers)
        {
            byName[provider.EncodingName] = provider;
        }

        _providers = byName.ToFrozenDictionary(StringComparer.Ordinal);
        AcceptEncoding = string.Join(',', byName.Keys.Prepend(Identity));
    }

    /// <summary>gzip and deflate, favouring speed.</summary>
    public static CompressionProviderSet Default { get; } = new(
        [new GzipCompressionProvider(CompressionLevel.Fastest), new DeflateCompressionProvider(CompressionLevel.Fastest)]);

    /// <summary>The value of <c>grpc-accept-encoding</c>: every supported encoding.</summary>
    public string AcceptEncoding { get; }

    /// <summary>Finds the provider of an encoding. Identity has none.</summary>
    /// <returns>Null when the encoding is identity or unknown: see <see cref="IsIdentity(ReadOnlySpan{byte})"/>.</returns>
    public ICompressionProvider? Find(ReadOnlySpan<byte> encoding)
    {
        // The longest registered names are short; what is longer cannot match.
        const int longest = 64;
        if (encoding.Length is 0 or > longest)
        {
            return null;
        }

        Span<char> name = stackalloc char[longest];
        name = name[..Encoding.Latin1.GetChars(encoding, name)];
        return _providers.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out ICompressionProvider? provider)
            ? provider
            : null;
    }

    /// <inheritdoc cref="Find(ReadOnlySpan{byte})"/>
    public ICompressionProvider? Find(string encoding) => _providers.GetValueOrDefault(encoding);

    /// <summary>Whether a <c>grpc-encoding</c>, or its absence, means no compression.</summary>
    public static bool IsIdentity(ReadOnlySpan<byte> encoding) => encoding.IsEmpty || encoding.SequenceEqual("identity"u8);

    /// <inheritdoc cref="IsIdentity(ReadOnlySpan{byte})"/>
    public static bool IsIdentity(string encoding) => encoding is "" or Identity;

    /// <summary>Whether a peer's <c>grpc-accept-encoding</c> names an encoding; blanks around names are allowed.</summary>
    public static bool IsAccepted(ReadOnlySpan<byte> acceptEncoding, string encoding)
    {
        foreach (Range part in acceptEncoding.Split((byte)','))
        {
            if (Ascii.EqualsIgnoreCase(acceptEncoding[part].Trim(" \t"u8), encoding))
            {
                return true;
            }
        }

        return false;
    }
}
