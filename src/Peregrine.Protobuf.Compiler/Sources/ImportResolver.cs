// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Text;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf.Compiler.Sources;

/// <summary>
/// Finds files by import path: files held in memory first, then the search paths in the order they were added, then
/// descriptor sets, then the .proto files that come with the compiler. Not safe for use by several threads while paths are being added.
/// </summary>
public sealed class ImportResolver
{
    /// <summary>The file that defines the messages of options.</summary>
    internal const string DescriptorPath = "google/protobuf/descriptor.proto";

    private const string ResourcePrefix = "proto/";

    private readonly Dictionary<string, byte[]> _memory = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FileDescriptorProto> _descriptors = new(StringComparer.Ordinal);
    private readonly List<(string Directory, string Prefix)> _searchPaths = [];

    /// <summary>Whether the well-known files of the compiler are found when nothing else matches. The default is true.</summary>
    public bool IncludeBuiltIn { get; set; } = true;

    /// <summary>Adds a directory below which import paths are looked up, like protoc's <c>-I</c>.</summary>
    /// <param name="directory">A directory; it need not exist yet.</param>
    /// <param name="virtualPrefix">What import paths must begin with to be looked up here; it is cut off first.</param>
    public void AddSearchPath(string directory, string virtualPrefix = "")
    {
        ArgumentNullException.ThrowIfNull(directory);
        ArgumentNullException.ThrowIfNull(virtualPrefix);
        string prefix = virtualPrefix.Length == 0 || virtualPrefix.EndsWith('/') ? virtualPrefix : virtualPrefix + "/";
        _searchPaths.Add((directory.Length == 0 ? "." : directory, prefix));
    }

    /// <summary>Adds a file that is held in memory.</summary>
    /// <param name="importPath">The import path.</param>
    /// <param name="text">The text.</param>
    public void AddText(string importPath, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        AddBytes(importPath, Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Adds a file that is held in memory.</summary>
    /// <param name="importPath">The import path.</param>
    /// <param name="text">UTF-8 text; the caller must not change it afterwards.</param>
    public void AddBytes(string importPath, byte[] text)
    {
        ArgumentNullException.ThrowIfNull(importPath);
        ArgumentNullException.ThrowIfNull(text);
        _memory[importPath] = text;
    }

    /// <summary>
    /// Adds the files of a serialized <c>google.protobuf.FileDescriptorSet</c>: they are found where no text is. The set must be valid, as
    /// protoc and this compiler write it; of two files of one name the first is found.
    /// </summary>
    /// <param name="set">The bytes.</param>
    /// <exception cref="InvalidProtocolBufferException">The bytes are no descriptor set.</exception>
    public void AddDescriptorSet(byte[] set)
    {
        ArgumentNullException.ThrowIfNull(set);
        foreach (FileDescriptorProto file in FileDescriptorSet.Parser.ParseFrom(set).File)
        {
            _descriptors.TryAdd(file.Name, file);
        }
    }

    /// <summary>Whether a file of that import path can be found.</summary>
    /// <param name="importPath">The import path.</param>
    public bool Contains(string importPath)
    {
        ArgumentNullException.ThrowIfNull(importPath);
        return _memory.ContainsKey(importPath) || (IsCanonical(importPath) && FindOnDisk(importPath) is not null)
            || _descriptors.ContainsKey(importPath) || (IncludeBuiltIn && IsBuiltInPath(importPath));
    }

    /// <summary>Maps a file on disk to the import path under which the search paths find that same file.</summary>
    /// <param name="diskPath">A path on disk.</param>
    /// <param name="importPath">The import path, with forward slashes.</param>
    /// <returns>False if no search path contains the file, or an earlier one hides it.</returns>
    public bool TryGetImportPath(string diskPath, [NotNullWhen(true)] out string? importPath)
    {
        ArgumentNullException.ThrowIfNull(diskPath);
        string full = Path.GetFullPath(diskPath);
        foreach ((string directory, string prefix) in _searchPaths)
        {
            string relative = Path.GetRelativePath(Path.GetFullPath(directory), full).Replace('\\', '/');
            if (Path.IsPathRooted(relative) || relative == ".." || relative.StartsWith("../", StringComparison.Ordinal))
            {
                continue;
            }

            string candidate = prefix + relative;
            if (FindOnDisk(candidate) is { } found && Path.GetFullPath(found).Equals(full, PathCase.Comparison))
            {
                importPath = candidate;
                return true;
            }
        }

        importPath = null;
        return false;
    }

    /// <summary>Finds and reads a file.</summary>
    /// <param name="importPath">The import path.</param>
    /// <param name="tried">Receives the places that were looked at, for an error message.</param>
    /// <param name="problem">Why a file that exists could not be read, or null.</param>
    internal SourceFile? Find(string importPath, List<string> tried, out string? problem)
    {
        problem = null;
        if (_memory.TryGetValue(importPath, out byte[]? text))
        {
            return new SourceFile(importPath, text);
        }

        if (!IsCanonical(importPath))
        {
            problem = "An import path uses forward slashes and has no \".\", \"..\" or empty part, no backslash and no leading slash.";
            return null;
        }

        foreach ((string directory, string prefix) in _searchPaths)
        {
            if (CandidateFor(directory, prefix, importPath) is not { } candidate)
            {
                continue;
            }

            tried.Add(candidate);
            try
            {
                if (File.Exists(candidate))
                {
                    return new SourceFile(importPath, InputBytes.ReadFile(candidate, InputBytes.MaxText), candidate);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                problem = $"{candidate} could not be read: {e.Message}";
                return null;
            }
        }

        if (_descriptors.Count > 0)
        {
            tried.Add("the descriptor sets");
            if (_descriptors.TryGetValue(importPath, out FileDescriptorProto? descriptor))
            {
                return new SourceFile(importPath, []) { Descriptor = descriptor };
            }
        }

        if (IncludeBuiltIn)
        {
            tried.Add("the files that come with the compiler");
            return FindBuiltIn(importPath);
        }

        return null;
    }

    /// <summary>Whether a file of that name comes with the compiler.</summary>
    internal static bool IsBuiltInPath(string importPath) => typeof(ImportResolver).Assembly.GetManifestResourceInfo(ResourcePrefix + importPath) is not null;

    /// <summary>Reads the descriptor.proto that comes with the compiler.</summary>
    internal static SourceFile ReadBuiltInDescriptor() =>
        FindBuiltIn(DescriptorPath) ?? throw new InvalidOperationException($"{DescriptorPath} is missing from the compiler's resources.");

    private static SourceFile? FindBuiltIn(string importPath)
    {
        using Stream? stream = typeof(ImportResolver).Assembly.GetManifestResourceStream(ResourcePrefix + importPath);
        if (stream is null)
        {
            return null;
        }

        byte[] text = new byte[stream.Length];
        stream.ReadExactly(text);
        return new SourceFile(importPath, text, diskPath: null, isBuiltIn: true);
    }

    private string? FindOnDisk(string importPath)
    {
        foreach ((string directory, string prefix) in _searchPaths)
        {
            if (CandidateFor(directory, prefix, importPath) is { } candidate && File.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }

    private static string? CandidateFor(string directory, string prefix, string importPath) =>
        !importPath.StartsWith(prefix, StringComparison.Ordinal) ? null
            : directory == "." ? importPath[prefix.Length..]
            : directory.EndsWith('/') ? directory + "/" + importPath[prefix.Length..] // as protoc spells it: make rules name files like that
            : Path.Combine(directory, importPath[prefix.Length..]);

    // A path with "..", an empty part or a backslash would name one file in two ways, and its symbols would be declared twice.
    internal static bool IsCanonical(string path)
    {
        if (path.Length == 0 || path.Contains('\\', StringComparison.Ordinal) || path.Contains('\0', StringComparison.Ordinal))
        {
            return false;
        }

        foreach (Range part in path.AsSpan().Split('/'))
        {
            if (path.AsSpan(part) is "" or "." or "..")
            {
                return false;
            }
        }

        return true;
    }
}
