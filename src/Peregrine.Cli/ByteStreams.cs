// SPDX-License-Identifier: Apache-2.0

using System;
using System.IO;

namespace Peregrine.Cli;

/// <summary>Standard input and output as bytes, opened by the commands that need them.</summary>
/// <param name="OpenInput">Opens what messages are read from.</param>
/// <param name="OpenOutput">Opens what messages are written to.</param>
internal sealed record ByteStreams(Func<Stream> OpenInput, Func<Stream> OpenOutput)
{
    /// <summary>Those of the process.</summary>
    public static ByteStreams OfProcess { get; } = new(Console.OpenStandardInput, Console.OpenStandardOutput);
}
