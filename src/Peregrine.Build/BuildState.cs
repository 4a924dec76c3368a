// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using Peregrine.Protobuf.Compiler.Output;

namespace Peregrine.Build;

/// <summary>The lists that a good run leaves for the targets and for the next run.</summary>
/// <remarks>
/// <c>STATE.outputs</c> is what the project compiles, <c>STATE.written</c> everything written, <c>STATE.roots</c> the directories that its
/// items are imported from, <c>STATE.packed</c> what goes into its package. <c>STATE.inputs</c> names every file that the result depends
/// on (also those that are not there, but would be used if they were), <c>STATE.hashes</c> the SHA-256 of those that are there, in the
/// same order: as long as the targets compute the same hashes there is nothing to do. All but the roots are relative to the project's
/// directory: whoever copies a project with what was built of it must not clean the original by the copy's lists.
/// </remarks>
/// <param name="stem">The lists' path without the ending.</param>
/// <param name="project">The project's directory.</param>
/// <param name="started">When the run began to read.</param>
internal sealed class BuildState(string stem, string project, DateTime started)
{
    // What a file system's clock may lag behind.
    private static readonly TimeSpan ClockStep = TimeSpan.FromMilliseconds(50);

    /// <summary>What an earlier run wrote.</summary>
    public IEnumerable<string> ReadWritten() =>
        File.Exists(stem + ".written") ? File.ReadAllLines(stem + ".written").Select(path => Path.GetFullPath(path, project)) : [];

    /// <summary>The lists that must be as a good run left them: without one of them the targets miss inputs or outputs.</summary>
    /// <remarks>Without the roots, which the targets write, too.</remarks>
    public IEnumerable<string> Lists => [stem + ".written", stem + ".outputs", stem + ".packed"];

    /// <summary>Makes the last good run count no longer: the next one starts anew.</summary>
    /// <exception cref="IOException">The state cannot be changed.</exception>
    public void Invalidate()
    {
        if (File.Exists(stem + ".hashes"))
        {
            File.Delete(stem + ".hashes");
        }
    }

    /// <summary>Writes one list of paths, relative to the project.</summary>
    public void WritePaths(string name, IEnumerable<string> paths) => Write(name, paths.Select(path => Path.GetRelativePath(project, path)));

    /// <summary>Writes one list.</summary>
    public void Write(string name, IEnumerable<string> lines)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(stem)!);

        // An IDE and a command line may build at the same time: a reader sees the old list or the new one.
        WholeFile.Write($"{stem}.{name}", file =>
        {
            using var writer = new StreamWriter(file, leaveOpen: true);
            foreach (var line in lines)
            {
                writer.WriteLine(line);
            }
        });
    }

    /// <summary>Writes the inputs and their hashes: from now on the result counts as good.</summary>
    /// <param name="request">The request; the targets write it just before the run, and again before they compare.</param>
    /// <param name="read">What was read, or would have been if it were there.</param>
    /// <param name="written">What was written.</param>
    public void WriteInputs(string request, IEnumerable<string> read, IEnumerable<string> written)
    {
        List<string> paths = [request];
        List<string> hashes = [Hash(request)];
        foreach (var path in read.Distinct())
        {
            paths.Add(path);
            if (File.Exists(path))
            {
                // A file that changed after it was read has no hash, so that the next build reads it.
                hashes.Add(File.GetLastWriteTimeUtc(path) > started - ClockStep ? "changed" : Hash(path));
            }
        }

        foreach (var path in written)
        {
            paths.Add(path);
            hashes.Add(Hash(path));
        }

        WritePaths("inputs", paths);
        Write("hashes", [string.Join(' ', hashes)]);
    }

    private static string Hash(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexString(SHA256.HashData(file));
    }
}
