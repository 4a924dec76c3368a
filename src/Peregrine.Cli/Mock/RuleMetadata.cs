// SPDX-License-Identifier: Apache-2.0

using System;

namespace Peregrine.Cli.Mock;

/// <summary>An entry of the metadata that a rule sends.</summary>
/// <param name="Name">The name, in lower case.</param>
/// <param name="Value">The value; of a <c>-bin</c> name base64.</param>
internal sealed record RuleMetadata(string Name, TextTemplate Value)
{
    /// <summary>The entry in a call.</summary>
    /// <exception cref="RpcException">What the templates gave cannot be sent.</exception>
    public Metadata.Entry Render(AnswerScope scope)
    {
        var value = Value.Render(scope);
        try
        {
            return Make(Name, value);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            throw new RpcException(new Status(StatusCode.Internal, $"The answers' metadata \"{Name}\" cannot be sent: {exception.Message}"));
        }
    }

    /// <summary>An entry of text.</summary>
    /// <exception cref="ArgumentException">Name or value cannot be sent.</exception>
    /// <exception cref="FormatException">The value of a <c>-bin</c> name is not base64.</exception>
    public static Metadata.Entry Make(string name, string value) =>
        name.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.Ordinal) ? new Metadata.Entry(name, Convert.FromBase64String(value)) : new Metadata.Entry(name, value);
}
