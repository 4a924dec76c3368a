// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Peregrine.Cli.Schema;

namespace Peregrine.Cli.Mock;

/// <summary>
/// Files as they were at a moment, by their times and lengths: equal to another if none was changed, made or deleted. Looked at again and again,
/// since notifications do not come from file systems of other machines and containers, and not for files that editors put in place of others.
/// Immutable.
/// </summary>
internal sealed class FileStamps : IEquatable<FileStamps>
{
    // The times of files lag some milliseconds behind the clock.
    private static readonly TimeSpan Lag = TimeSpan.FromMilliseconds(20);

    private readonly HashSet<string> _paths;
    private readonly Dictionary<string, (DateTime Changed, long Length)?> _files;

    private FileStamps(HashSet<string> paths, Dictionary<string, (DateTime Changed, long Length)?> files) => (_paths, _files) = (paths, files);

    /// <summary>Looks at files now, which is to be before they are read: what changes while they are is seen at the next look.</summary>
    /// <param name="paths">Files, and folders whose .proto files are meant.</param>
    public static FileStamps Of(IEnumerable<string> paths)
    {
        HashSet<string> all = [.. paths];
        return new FileStamps(all, all.SelectMany(Expand).Distinct().ToDictionary(file => file, Look));
    }

    /// <summary>The same files and folders now.</summary>
    public FileStamps Again() => Of(_paths);

    /// <summary>These and others; of a file that is in both, these.</summary>
    public FileStamps With(FileStamps others)
    {
        Dictionary<string, (DateTime, long)?> files = new(others._files);
        foreach (var (file, stamp) in _files)
        {
            files[file] = stamp;
        }

        return new FileStamps([.. _paths, .. others._paths], files);
    }

    /// <summary>These, and files that became known only when they were read: one that may have changed since then is equal to none.</summary>
    /// <param name="paths">The files, and folders whose .proto files are meant.</param>
    /// <param name="start">When reading began, in UTC by the clock of the system, as the times of files are.</param>
    public FileStamps WithRead(IEnumerable<string> paths, DateTime start)
    {
        var read = Of(paths);

        // A time to come says nothing: such a file was not written just now.
        var (from, to) = (start - Lag, DateTime.UtcNow + Lag);
        return With(new FileStamps(read._paths, read._files.ToDictionary(file => file.Key, file => file.Value?.Changed >= from && file.Value?.Changed <= to ? null : file.Value)));
    }

    /// <inheritdoc/>
    public bool Equals(FileStamps? other) =>
        other is not null && _files.Count == other._files.Count
        && _files.All(file => file.Value is not null && other._files.TryGetValue(file.Key, out var stamp) && stamp == file.Value);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as FileStamps);

    /// <inheritdoc/>
    public override int GetHashCode() => _files.Count;

    private static (DateTime Changed, long Length)? Look(string file)
    {
        // Of a file that is not there the time is 1601.
        var info = new FileInfo(file);
        return (info.LastWriteTimeUtc, info.Exists ? info.Length : -1);
    }

    private static IEnumerable<string> Expand(string path)
    {
        try
        {
            return Directory.Exists(path) ? [.. ProtoFolder.ReadableFiles(path).Select(Path.GetFullPath)] : [Path.GetFullPath(path)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Deleted meanwhile, or not to be read, which whoever reads it tells.
            return [Path.GetFullPath(path)];
        }
    }
}
