// SPDX-License-Identifier: Apache-2.0
using System;
using System.IO;
using Peregrine.Protobuf.Compiler.Sources;

namespace Peregrine.Protobuf.Compiler.Output;

/// <summary>A directory that generated files are written to, and never beside.</summary>
/// <param name="path">The directory; it is made when the first file is written.</param>
/// <param name="touchUnchanged">
/// Whether a file that already has its content is written again, which a build tool that compares times needs. The default is false: an
/// unchanged file keeps its time, and what depends on it its build.
/// </param>
public sealed class OutputDirectory(string path, bool touchUnchanged = false)
{
    /// <summary>Writes a file.</summary>
    /// <param name="name">The relative path, with <c>/</c> between folders.</param>
    /// <param name="content">The bytes.</param>
    /// <returns>The full path.</returns>
    /// <exception cref="ArgumentException">The name leads out of the directory, by itself or through a symbolic link.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public string Write(string name, ReadOnlySpan<byte> content)
    {
        ArgumentNullException.ThrowIfNull(name);
        string root = Path.GetFullPath(path);
        string target = Path.Combine(root, OutputName.Normalize(name));
        CheckLinks(root, target, name);
        MakeFolder(Path.GetDirectoryName(target)!, name);
        if (touchUnchanged || !Holds(target, content))
        {
            byte[] bytes = content.ToArray();
            WholeFile.Write(target, stream => stream.Write(bytes));
        }

        return target;
    }

    // What cannot be read is written again: that says why, if it does not help.
    private static bool Holds(string target, ReadOnlySpan<byte> content)
    {
        try
        {
            return new FileInfo(target) is { Exists: true } file && file.Length == content.Length && File.ReadAllBytes(target).AsSpan().SequenceEqual(content);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static void MakeFolder(string folder, string name)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (IOException e)
        {
            throw new IOException($"The folder \"{folder}\" of the output file \"{name}\" cannot be made: {e.Message}", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new UnauthorizedAccessException($"The folder \"{folder}\" of the output file \"{name}\" cannot be made: {e.Message}", e);
        }
    }

    // A symbolic link below the directory may lead anywhere; it is followed as long as that is inside, too.
    private static void CheckLinks(string root, string target, string name)
    {
        string real = RealPath.Of(target);
        string realRoot = RealPath.Of(root);
        if (!real.StartsWith(Path.EndsInDirectorySeparator(realRoot) ? realRoot : realRoot + Path.DirectorySeparatorChar, PathCase.Comparison))
        {
            throw new ArgumentException($"The output file \"{name}\" lies behind a symbolic link that leads out of \"{root}\", to \"{real}\".");
        }
    }
}
