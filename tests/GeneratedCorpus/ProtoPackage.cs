// SPDX-License-Identifier: Apache-2.0

using System.Text.RegularExpressions;

namespace GeneratedCorpus;

/// <summary>The files of a corpus that declare one package: what becomes one assembly.</summary>
/// <param name="name">The package; empty for files without one.</param>
internal sealed partial class ProtoPackage(string name)
{
    /// <summary>The package; several names where packages import each other and have to be one assembly.</summary>
    public string Name { get; private set; } = name;

    /// <summary>Import paths.</summary>
    public List<string> Files { get; } = [];

    /// <summary>The packages that files of this one import.</summary>
    public HashSet<ProtoPackage> Imports { get; } = [];

    /// <summary>The packages below a folder; each stands behind those that it imports.</summary>
    public static IReadOnlyList<ProtoPackage> Find(string root)
    {
        var packages = new SortedDictionary<string, ProtoPackage>(StringComparer.Ordinal);
        var owners = new Dictionary<string, ProtoPackage>(StringComparer.Ordinal);
        var texts = Directory.EnumerateFiles(root, "*.proto", SearchOption.AllDirectories).ToDictionary(
            path => Path.GetRelativePath(root, path).Replace('\\', '/'), File.ReadAllText);
        foreach (var (path, text) in texts.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            var name = PackageLine().Match(text) is { Success: true } match
                ? match.Groups[1].Value.Replace(" ", "", StringComparison.Ordinal)
                : "";
            if (!packages.TryGetValue(name, out var package))
            {
                packages.Add(name, package = new ProtoPackage(name));
            }

            package.Files.Add(path);
            owners.Add(path, package);
        }

        foreach (var (path, text) in texts)
        {
            foreach (var import in ImportLine().Matches(text).Select(match => match.Groups[1].Value))
            {
                if (owners.TryGetValue(import, out var imported) && imported != owners[path])
                {
                    owners[path].Imports.Add(imported);
                }
            }
        }

        return InOrder(packages.Values);
    }

    /// <summary>These packages and all that they import.</summary>
    public static HashSet<ProtoPackage> WithImports(IEnumerable<ProtoPackage> packages)
    {
        var result = new HashSet<ProtoPackage>();
        var stack = new Stack<ProtoPackage>(packages);
        while (stack.TryPop(out var package))
        {
            if (result.Add(package))
            {
                foreach (var import in package.Imports)
                {
                    stack.Push(import);
                }
            }
        }

        return result;
    }

    // Tarjan's algorithm: a component is complete after all that it reaches.
    private static List<ProtoPackage> InOrder(IEnumerable<ProtoPackage> packages)
    {
        var result = new List<ProtoPackage>();
        var indexes = new Dictionary<ProtoPackage, int>();
        var lows = new Dictionary<ProtoPackage, int>();
        var open = new Stack<ProtoPackage>();
        foreach (var package in packages.ToList())
        {
            Visit(package);
        }

        var merged = result.SelectMany(package => package.Parts.Append(package).Select(part => (part, package)))
            .ToDictionary(pair => pair.part, pair => pair.package);
        foreach (var package in result)
        {
            var imports = package.Parts.Append(package).SelectMany(part => part.Imports).Select(import => merged[import]).ToHashSet();
            imports.Remove(package);
            package.Imports.Clear();
            package.Imports.UnionWith(imports);
        }

        return result;

        void Visit(ProtoPackage package)
        {
            if (indexes.ContainsKey(package))
            {
                return;
            }

            indexes[package] = lows[package] = indexes.Count;
            open.Push(package);
            foreach (var import in package.Imports)
            {
                Visit(import);
                if (open.Contains(import))
                {
                    lows[package] = Math.Min(lows[package], lows[import]);
                }
            }

            if (lows[package] == indexes[package])
            {
                while (open.Pop() is var part && part != package)
                {
                    package.Parts.Add(part);
                    package.Name += " + " + part.Name;
                    package.Files.AddRange(part.Files);
                }

                result.Add(package);
            }
        }
    }

    private List<ProtoPackage> Parts { get; } = [];

    [GeneratedRegex(@"^\s*package\s+([\w. ]+?)\s*;", RegexOptions.Multiline)]
    private static partial Regex PackageLine();

    [GeneratedRegex("^\\s*import\\s+(?:public\\s+|weak\\s+)?\"([^\"]+)\"\\s*;", RegexOptions.Multiline)]
    private static partial Regex ImportLine();
}
