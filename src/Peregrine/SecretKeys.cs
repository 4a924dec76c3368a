// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine;

/// <summary>Which metadata keys announce a secret, so that their values are masked wherever metadata is shown.</summary>
internal static class SecretKeys
{
    /// <summary>What is shown in place of a secret.</summary>
    public const string Mask = "***";

    private static readonly string[] Words =
    [
        "authorization", "auth", "cookie", "token", "jwt", "bearer", "secret", "password", "passwd", "credential", "credentials", "signature",
        "assertion", "apikey",
    ];

    private static readonly string[] Kinds = ["api", "access", "private", "secret", "auth"];

    /// <summary>Whether one of the key's words is the name of a secret: <c>authorization</c>, <c>x-api-key</c>, <c>session_token-bin</c>.</summary>
    /// <param name="key">The key, in lower case.</param>
    public static bool Contains(string key)
    {
        ReadOnlySpan<char> previous = [];
        foreach (var range in key.AsSpan().SplitAny("-_."))
        {
            var word = key.AsSpan(range);
            if (IsOneOf(word, Words) || (word is "key" && IsOneOf(previous, Kinds)))
            {
                return true;
            }

            previous = word;
        }

        return false;
    }

    private static bool IsOneOf(ReadOnlySpan<char> word, string[] words)
    {
        foreach (var one in words)
        {
            // "set-cookie2" and "tokens" name the same things.
            if (word.StartsWith(one, StringComparison.Ordinal) && word.Length <= one.Length + 1)
            {
                return true;
            }
        }

        return false;
    }
}
