// SPDX-License-Identifier: Apache-2.0
using System;
using System.Globalization;

namespace Peregrine.Credentials;

/// <summary>A bearer token and when it expires. Immutable. <see cref="ToString"/> does not show it.</summary>
public sealed class AccessToken
{
    private Metadata.Entry? _entry;

    /// <summary>Makes a token that does not expire, or of which nobody said when.</summary>
    /// <param name="value">The token.</param>
    /// <exception cref="ArgumentException">The token is empty, or has characters that metadata cannot carry; the message does not show it.</exception>
    public AccessToken(string value)
        : this(value, null)
    {
    }

    /// <summary>Makes a token.</summary>
    /// <param name="value">The token.</param>
    /// <param name="expiresAt">From when on it is of no use; null for never, or when nobody said.</param>
    /// <exception cref="ArgumentException">The token is empty, or has characters that metadata cannot carry; the message does not show it.</exception>
    public AccessToken(string value, DateTimeOffset? expiresAt)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.Length == 0 || value.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            throw new ArgumentException(
                "The token is empty, or has characters other than visible ASCII; a blank or line end may have come with it from a file.", nameof(value));
        }

        Value = value;
        ExpiresAt = expiresAt;
    }

    /// <summary>The token.</summary>
    public string Value { get; }

    /// <summary>From when on it is of no use; null for never, or when nobody said.</summary>
    public DateTimeOffset? ExpiresAt { get; }

    /// <summary>What is sent of it (RFC 6750 section 2.1); the same object for all calls.</summary>
    internal Metadata.Entry AuthorizationEntry => _entry ??= new Metadata.Entry("authorization", $"Bearer {Value}");

    /// <summary>Says when the token expires, and nothing of the token.</summary>
    /// <returns>A one-line description.</returns>
    public override string ToString() => ExpiresAt is { } end
        ? string.Create(CultureInfo.InvariantCulture, $"AccessToken(expires at {end.ToUniversalTime():u})")
        : "AccessToken";
}
