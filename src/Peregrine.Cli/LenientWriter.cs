// SPDX-License-Identifier: Apache-2.0

using System;
using System.IO;
using System.Text;

namespace Peregrine.Cli;

/// <summary>Standard error, which may be closed or full: what cannot be told is lost, and the exit code is as if it had been.</summary>
/// <param name="inner">What is written to.</param>
internal sealed class LenientWriter(TextWriter inner) : TextWriter
{
    /// <inheritdoc/>
    public override Encoding Encoding => inner.Encoding;

    /// <inheritdoc/>
    public override void Write(char value) => Try(() => inner.Write(value));

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Try(() => inner.Write(buffer, index, count));

    /// <inheritdoc/>
    public override void Write(string? value) => Try(() => inner.Write(value));

    /// <inheritdoc/>
    public override void WriteLine(string? value) => Try(() => inner.WriteLine(value));

    /// <inheritdoc/>
    public override void Flush() => Try(inner.Flush);

    // Where standard error is closed the runtime has a file of its own, which cannot be written.
    private static void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }
    }
}
