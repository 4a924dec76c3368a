// SPDX-License-Identifier: Apache-2.0
using System.Reflection;
using System.Text.RegularExpressions;

namespace Peregrine.Architecture.Tests;

/// <summary>The source tree that this test was built from.</summary>
internal static class Repository
{
    /// <summary>The folder that holds the solution.</summary>
    public static string Root { get; } = typeof(Repository).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!;

    /// <summary>Hand-written C# files below the given top folders, as paths relative to the root with forward slashes.</summary>
    public static IEnumerable<string> HandWrittenFiles(params string[] topFolders) =>
        from top in topFolders
        let folder = Path.Combine(Root, top)
        where Directory.Exists(folder)
        from path in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
        let file = Path.GetRelativePath(Root, path).Replace('\\', '/')
        where !file.Contains("/Generated/", StringComparison.Ordinal)
            && !file.EndsWith(".pb.cs", StringComparison.Ordinal)
            && !Regex.IsMatch(file, "/(bin|obj)/")
        orderby file
        select file;

    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));
}
