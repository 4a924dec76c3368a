// SPDX-License-Identifier: Apache-2.0
using System;
using System.Text;

namespace Peregrine.Protobuf.Json;

/// <summary>Checks text that is to become JSON.</summary>
internal static class JsonText
{
    /// <summary>Whether the text has no unpaired surrogate.</summary>
    public static bool IsWellFormed(string text)
    {
        // Most text is ASCII, for which there is a faster look; the other one allocates until it has been compiled with optimization.
        if (Ascii.IsValid(text))
        {
            return true;
        }

        int at = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF');
        if (at < 0)
        {
            return true;
        }

        for (int i = at; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]))
            {
                if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                {
                    return false;
                }

                i++;
            }
        }

        return true;
    }
}
