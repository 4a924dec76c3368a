// SPDX-License-Identifier: Apache-2.0
using System;
using System.IO;

namespace Peregrine.Credentials;

/// <summary>What a file held, and when it had last been written. Immutable.</summary>
internal readonly record struct FileContents(byte[] Bytes, DateTime WrittenAt)
{
    /// <summary>
    /// Whether the file had not been written for a while, so that nobody is in the middle of writing it. Files have times of the system's clock.
    /// </summary>
    public bool HaveSettled => (DateTime.UtcNow - WrittenAt) > Refreshed<object>.Interval;

    /// <summary>The contents as text: UTF-8, or what a byte order mark says.</summary>
    public string Text
    {
        get
        {
            using var reader = new StreamReader(new MemoryStream(Bytes));
            return reader.ReadToEnd();
        }
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static FileContents Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        using var bytes = new MemoryStream();
        file.CopyTo(bytes);

        // Of the open file, not of the path, which may be a link or name another file by now; and after the contents, so that a write in between shows.
        return new FileContents(bytes.ToArray(), File.GetLastWriteTimeUtc(file.SafeFileHandle));
    }
}
