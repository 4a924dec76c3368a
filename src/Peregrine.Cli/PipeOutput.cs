// SPDX-License-Identifier: Apache-2.0

using System;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Peregrine.Cli;

/// <summary>
/// Standard output into a pipe whose reader may go away, as <c>head</c> does: the runtime's own output would swallow what follows, and a stream
/// of responses without end would go on for ever. Other systems than Unix, files and terminals keep the runtime's.
/// </summary>
internal sealed class PipeOutput : Stream
{
    private const int StandardOutput = 1;

    // EPIPE, the same on Linux and macOS.
    private const int BrokenPipe = 32;

    [SuppressMessage("Usage", "CA2213", Justification = "Standard output belongs to the process.")]
    private readonly Stream _pipe;
    private readonly Action _onClosed;

    private PipeOutput(Stream pipe, Action onClosed)
    {
        _pipe = pipe;
        _onClosed = onClosed;
    }

    /// <summary>Whether nobody reads any longer; what is written then goes nowhere.</summary>
    public bool IsClosed { get; private set; }

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Standard output, if it is a pipe of Unix.</summary>
    /// <param name="onClosed">Called once, when a write finds that nobody reads.</param>
    /// <returns>The output, or null if it is something else.</returns>
    public static PipeOutput? TryOpen(Action onClosed)
    {
        if (OperatingSystem.IsWindows() || !Console.IsOutputRedirected)
        {
            return null;
        }

        try
        {
            var stream = new FileStream(new SafeFileHandle(StandardOutput, ownsHandle: false), FileAccess.Write, bufferSize: 0);

            // A file's end belongs to all who write there: the runtime's output keeps it.
            return stream.CanSeek ? null : new PipeOutput(stream, onClosed);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // It is closed, or open for reading.
            return null;
        }
    }

    /// <summary>A writer that keeps nothing back.</summary>
    public TextWriter ToWriter() => new StreamWriter(this, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true };

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (IsClosed)
        {
            return;
        }

        try
        {
            _pipe.Write(buffer);
        }
        catch (IOException exception) when (exception.HResult == BrokenPipe)
        {
            IsClosed = true;
            _onClosed();
        }
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();
}
