// SPDX-License-Identifier: Apache-2.0
using System;
using System.IO;
using System.Threading;
using Peregrine.Protobuf.Compiler.Diagnostics;

namespace Peregrine.Protobuf.Compiler.Output;

/// <summary>
/// Writes a file beside its place and puts it there when it is whole: whoever reads it meanwhile, or after a full disk or a killed process,
/// finds the old file or the new one.
/// </summary>
public static class WholeFile
{
    // Devices and what a shell opens for a process live there; they are written to, never replaced.
    private static readonly string[] Devices = ["/dev/", "/proc/"];

    private static int _count;

    /// <summary>Writes a file.</summary>
    /// <remarks>
    /// Behind a symbolic link, what it leads to is replaced. Written in place are devices and pipes, a file in a directory that takes no
    /// other one, and a file that is mounted by itself.
    /// </remarks>
    /// <param name="path">The file; its directory must exist.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="IOException">The file cannot be written; the message names it.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written; the message names it.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(write);
        string unfinished = "";
        try
        {
            string place = IsDevice(path) ? path : RealPath.Of(path);
            if (IsDevice(place))
            {
                WriteInPlace(path, write);
                return;
            }

            if (WriteToPipe(place, write))
            {
                return;
            }

            // A name of its own length: that of the file may be as long as names can be.
            unfinished = Path.Combine(Path.GetDirectoryName(place)!, $".{Environment.ProcessId}-{Interlocked.Increment(ref _count)}.tmp");
            using FileStream? stream = Create(unfinished, place);
            if (stream is null)
            {
                WriteInPlace(place, write);
                return;
            }

            try
            {
                write(stream);
                stream.Dispose();
                Replace(place, unfinished);
            }
            catch
            {
                stream.Dispose();
                File.Delete(unfinished);
                throw;
            }
        }
        catch (IOException e)
        {
            throw new IOException(Explain(path, unfinished, e), e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new UnauthorizedAccessException(Explain(path, unfinished, e), e);
        }
    }

    private static bool IsDevice(string path) =>
        !OperatingSystem.IsWindows() && Array.Exists(Devices, folder => path.StartsWith(folder, StringComparison.Ordinal));

    // Opened once: who reads the other end takes it for ended when it is closed.
    private static bool WriteToPipe(string path, Action<Stream> write)
    {
        if (OperatingSystem.IsWindows() || new FileInfo(path) is not { Exists: true, Length: 0 })
        {
            return false;
        }

        using FileStream stream = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        if (stream.CanSeek)
        {
            return false;
        }

        write(stream);
        return true;
    }

    private static void WriteInPlace(string path, Action<Stream> write)
    {
        using FileStream stream = new(path, FileMode.Create, FileAccess.Write, FileShare.Read);
        write(stream);
    }

    // Null if there is a file that can be written only where it is.
    private static FileStream? Create(string unfinished, string place)
    {
        try
        {
            return new FileStream(unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        }
        catch (UnauthorizedAccessException) when (File.Exists(place))
        {
            return null;
        }
    }

    private static void Replace(string place, string unfinished)
    {
        if (!OperatingSystem.IsWindows() && File.Exists(place))
        {
            File.SetUnixFileMode(unfinished, File.GetUnixFileMode(place));
        }

        try
        {
            File.Move(unfinished, place, overwrite: true);
        }
        catch (IOException) when (File.Exists(place))
        {
            // A file that a container mounts by itself cannot be replaced.
            File.Copy(unfinished, place, overwrite: true);
            File.Delete(unfinished);
        }
    }

    // The reason is the system's; the name in it may be that of the unfinished file.
    private static string Explain(string path, string unfinished, Exception e)
    {
        string reason = unfinished.Length == 0 ? e.Message : e.Message.Replace(unfinished, path, StringComparison.Ordinal);
        return $"The file \"{DisplayText.OneLine(path)}\" cannot be written: {reason}";
    }
}
