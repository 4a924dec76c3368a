// SPDX-License-Identifier: Apache-2.0

using System;
using System.IO;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Peregrine.Cli.Bench;

/// <summary>A file for a result: opened before the run, so that a path that cannot be written costs no run, and written behind it. What was there stays until then.</summary>
internal sealed class ResultFile : IDisposable
{
    private readonly string _path;
    private readonly FileStream _stream;
    private readonly bool _isNew;
    private bool _isWritten;

    private ResultFile(string path)
    {
        _path = path;
        _isNew = !File.Exists(path);
        _stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
    }

    /// <summary>Opens the file of an option.</summary>
    /// <param name="option">The option's name, for the error.</param>
    /// <param name="path">The path; null gives null.</param>
    /// <exception cref="ToolException">It cannot be written.</exception>
    public static ResultFile? Open(string option, string? path)
    {
        try
        {
            return path is null ? null : new ResultFile(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new ToolException($"{option} {path} cannot be written: {exception.Message}");
        }
    }

    /// <summary>Writes the result in place of what was there.</summary>
    public async Task WriteAsync(string text)
    {
        _isWritten = true;
        if (_stream.CanSeek)
        {
            _stream.SetLength(0);
        }

        await _stream.WriteAsync(Encoding.UTF8.GetBytes(text), CancellationToken.None).ConfigureAwait(false);
        await _stream.FlushAsync(CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Closes it, and deletes what this one made and did not fill.</summary>
    public void Dispose()
    {
        _stream.Dispose();
        if (_isNew && !_isWritten)
        {
            File.Delete(_path);
        }
    }
}
