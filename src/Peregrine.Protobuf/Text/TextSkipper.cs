// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf.Text;

/// <summary>The shapes of text format that do not depend on the message type, and passing over fields by them.</summary>
internal static class TextSkipper
{
    /// <summary>Skips the brace or angle bracket that opens a message, and tells which character closes it.</summary>
    public static char Open(ref TextTokenizer tokens)
    {
        char close = tokens.IsAt('{') ? '}' : tokens.IsAt('<') ? '>' : throw tokens.Error($"Expected \"{{\" or \"<\", found {tokens.Shown}.");
        tokens.Next();
        return close;
    }

    /// <summary>Skips the end of a message; false where another field stands.</summary>
    public static bool TryClose(ref TextTokenizer tokens, char close)
    {
        if (tokens.IsAt(close))
        {
            tokens.Next();
            return true;
        }

        return tokens.Kind == TextTokenKind.End || tokens.IsAt('}') || tokens.IsAt('>')
            ? throw tokens.Error($"Expected a field or \"{close}\", found {tokens.Shown}.")
            : false;
    }

    /// <summary>Behind a field one comma or semicolon may stand.</summary>
    public static void SkipSeparator(ref TextTokenizer tokens)
    {
        if (tokens.IsAt(';') || tokens.IsAt(','))
        {
            tokens.Next();
        }
    }

    /// <summary>Skips the value of a field whose name was read. Without a colon it is a message.</summary>
    public static void SkipFieldBehindName(ref TextTokenizer tokens, int recursionLimit, int depth)
    {
        bool hasColon = tokens.IsAt(':');
        if (hasColon)
        {
            tokens.Next();
        }

        if (hasColon && !IsAtMessage(ref tokens))
        {
            SkipValue(ref tokens, recursionLimit, depth + 1);
        }
        else
        {
            SkipMessage(ref tokens, recursionLimit, depth + 1);
        }
    }

    /// <summary>Refuses what nests deeper than the limit, or than the stack of this thread.</summary>
    public static void CheckDepth(ref TextTokenizer tokens, int depth, int limit)
    {
        if (depth > limit)
        {
            throw tokens.Error($"Messages and lists are nested more than {limit} deep. If the text is trusted, raise the recursion limit.");
        }

        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw tokens.Error($"Messages and lists are nested {depth} deep, for which the stack of this thread is too small.");
        }
    }

    private static bool IsAtMessage(ref TextTokenizer tokens) => tokens.IsAt('{') || tokens.IsAt('<');

    private static void SkipMessage(ref TextTokenizer tokens, int recursionLimit, int depth)
    {
        CheckDepth(ref tokens, depth, recursionLimit);

        char close = Open(ref tokens);
        while (!TryClose(ref tokens, close))
        {
            if (tokens.IsAt('['))
            {
                TextTokenizer start = tokens;
                string name = tokens.ReadBracketed();
                if (!DescriptorNames.IsFullIdentifier(name) && !TextNames.IsTypeUrl(name))
                {
                    throw start.Error($"\"[{name}]\" is neither the full name of an extension nor the URL of a type.");
                }
            }
            else if (tokens.Kind is TextTokenKind.Identifier or TextTokenKind.Integer)
            {
                tokens.Next();
            }
            else
            {
                throw tokens.Error($"Expected the name of a field, found {tokens.Shown}.");
            }

            SkipFieldBehindName(ref tokens, recursionLimit, depth);
            SkipSeparator(ref tokens);
        }
    }

    private static void SkipValue(ref TextTokenizer tokens, int recursionLimit, int depth)
    {
        CheckDepth(ref tokens, depth, recursionLimit);

        if (tokens.Kind == TextTokenKind.String)
        {
            while (tokens.Kind == TextTokenKind.String)
            {
                tokens.Next();
            }

            return;
        }

        if (tokens.IsAt('['))
        {
            SkipList(ref tokens, recursionLimit, depth);
            return;
        }

        bool isNegative = tokens.IsAt('-');
        if (isNegative)
        {
            tokens.Next();
        }

        bool isValue = tokens.Kind switch
        {
            TextTokenKind.Integer or TextTokenKind.Float => true,
            TextTokenKind.Identifier => !isNegative || TextScalarReader.TryNonFinite(tokens.Token, out _),
            _ => false,
        };
        if (!isValue)
        {
            throw tokens.Error($"Expected a value, found {tokens.Shown}.");
        }

        tokens.Next();
    }

    private static void SkipList(ref TextTokenizer tokens, int recursionLimit, int depth)
    {
        tokens.Next();
        while (!tokens.IsAt(']'))
        {
            if (IsAtMessage(ref tokens))
            {
                SkipMessage(ref tokens, recursionLimit, depth + 1);
            }
            else
            {
                SkipValue(ref tokens, recursionLimit, depth + 1);
            }

            if (tokens.IsAt(','))
            {
                tokens.Next();
                if (tokens.IsAt(']'))
                {
                    throw tokens.Error("Expected a value behind \",\", found \"]\".");
                }
            }
            else if (!tokens.IsAt(']'))
            {
                throw tokens.Error($"Expected \",\" or \"]\" in a list, found {tokens.Shown}.");
            }
        }

        tokens.Next();
    }
}
