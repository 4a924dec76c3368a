// SPDX-License-Identifier: Apache-2.0

using System;
using System.IO;
using System.Text;
using Peregrine.Protobuf.Compiler.Sources;

namespace Peregrine.Cli.Calls;

/// <summary>Reads <c>--header</c> and <c>--token</c>.</summary>
internal static class HeaderArgument
{
    private const int MaxToken = 1 << 16;

    /// <summary>Reads <c>name: value</c>; the value of a name that ends with <c>-bin</c> is base64.</summary>
    /// <exception cref="ToolException">It is no header.</exception>
    public static Metadata.Entry Parse(string text)
    {
        // That of a pseudo-header begins with one.
        var colon = text.Length > 1 ? text.IndexOf(':', 1) : -1;
        if (colon <= 0)
        {
            // What stands behind the first word may be a secret.
            var end = text.AsSpan().IndexOfAny(' ', '=');
            throw new ToolException($"--header \"{(end < 0 ? text : text[..end] + "...")}\" is no header. Write 'name: value'.", ExitCode.Usage);
        }

        var name = text[..colon].Trim();
        var value = text[(colon + 1)..].Trim();
        if (ReservedHeaders.InsteadOf(name.ToLowerInvariant()) is { } instead)
        {
            throw new ToolException($"--header \"{name}\" cannot be sent: gRPC sets this header itself; {instead}.", ExitCode.Usage);
        }

        var isBinary = name.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.OrdinalIgnoreCase);
        if (!isBinary && !Ascii.IsValid(value))
        {
            throw new ToolException($"--header \"{name}\": the value has a character that is not ASCII. Send it as base64, by a name that ends with -bin.", ExitCode.Usage);
        }

        try
        {
            return isBinary
                ? new Metadata.Entry(name, Convert.FromBase64String(value.PadRight((value.Length + 3) / 4 * 4, '=')))
                : new Metadata.Entry(name, value);
        }
        catch (FormatException)
        {
            throw new ToolException($"--header \"{name}\": the value of a -bin header is base64, and the one given is not.", ExitCode.Usage);
        }
        catch (ArgumentException exception)
        {
            throw new ToolException($"--header \"{name}\" cannot be sent: {exception.Message}", ExitCode.Usage);
        }
    }

    /// <summary>The header of a token; <c>@FILE</c> for one that stands in a file.</summary>
    /// <exception cref="ToolException">The file cannot be read, or the token cannot be sent.</exception>
    public static Metadata.Entry OfToken(string token)
    {
        try
        {
            var secret = ReadSecret(token, "token");
            return Ascii.IsValid(secret) ? new Metadata.Entry("authorization", "Bearer " + secret) : throw new ArgumentException("It is not ASCII.", nameof(token));
        }
        catch (ArgumentException)
        {
            // The message would show the token.
            throw new ToolException("The token has characters that no header can have.", ExitCode.Usage);
        }
    }

    /// <summary>A secret of the command line; <c>@FILE</c> for one that stands in a file.</summary>
    /// <exception cref="ToolException">The file cannot be read.</exception>
    public static string ReadSecret(string argument, string what)
    {
        try
        {
            return argument.StartsWith('@') ? Encoding.UTF8.GetString(InputBytes.ReadFile(argument[1..], MaxToken)).Trim() : argument;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ToolException($"The {what} cannot be read: {exception.Message}");
        }
    }
}
