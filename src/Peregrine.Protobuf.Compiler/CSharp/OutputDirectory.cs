// SPDX-License-Identifier: Apache-2.0

using System;
using System.IO;
using System.Text;

namespace Peregrine.Protobuf.Compiler.CSharp;

/// <summary>A directory that generated files are written to.</summary>
/// <param name="path">The directory; it is made when the first file is written.</param>
public sealed class OutputDirectory(string path)
{
    /// <summary>Writes a file unless it already has that text: an unchanged file keeps its time, and what depends on it its build.</summary>
    /// <param name="file">The file.</param>
    /// <returns>The full path.</returns>
    /// <exception cref="ArgumentException">The file's name leads out of the directory.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public string Write(GeneratedFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var root = Path.GetFullPath(path);
        var target = Path.GetFullPath(Path.Combine(root, file.Name));
        if (!target.StartsWith(Path.EndsInDirectorySeparator(root) ? root : root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw new ArgumentException($"The output \"{file.Name}\" leads out of the directory \"{root}\".", nameof(file));
        }

        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        var bytes = Encoding.UTF8.GetBytes(file.Text);
        if (!File.Exists(target) || !File.ReadAllBytes(target).AsSpan().SequenceEqual(bytes))
        {
            // Two builds may write the same file, and a compiler read it: each of them sees a whole one.
            var unfinished = $"{target}.{Environment.ProcessId}.tmp";
            File.WriteAllBytes(unfinished, bytes);
            File.Move(unfinished, target, overwrite: true);
        }

        return target;
    }
}
