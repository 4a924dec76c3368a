// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using Peregrine.Cli.Rules;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Linting;

/// <summary>Rules of packages: where their files lie, and what these have in common.</summary>
internal static partial class PackageRules
{
    /// <summary>The rules.</summary>
    public static IReadOnlyList<LintRule> All { get; } =
    [
        LintRule.OfFile("PACKAGE_DEFINED", LintRule.InMinimal, "A file has a package.", (run, file) =>
        {
            if (file.Package.Length == 0)
            {
                run.Report(file, null, "Files must have a package defined.");
            }
        }),
        LintRule.OfFile("PACKAGE_DIRECTORY_MATCH", LintRule.InMinimal, "A file lies where its package says.", (run, file) =>
        {
            var expected = file.Package.Replace('.', '/');
            if (expected.Length > 0 && DirectoryOf(file) != expected)
            {
                run.Report(file, SourcePlaces.Package, $"Files with package \"{file.Package}\" must be within a directory \"{expected}\" relative to root but were in directory \"{DirectoryOf(file)}\".");
            }
        }),
        new("PACKAGE_SAME_DIRECTORY", LintRule.InMinimal, "The files of a package lie in one directory.", run => CheckOneEach(
            run, file => file.Package, DirectoryOf, SourcePlaces.Package, (package, directories) => $"Multiple directories {directories} contain files with package \"{package}\".")),
        new("DIRECTORY_SAME_PACKAGE", LintRule.InMinimal, "The files of a directory have one package.", run => CheckOneEach(
            run, DirectoryOf, file => file.Package, SourcePlaces.Package, (directory, packages) => $"Multiple packages {packages} detected within directory \"{directory}\".")),
        new("PACKAGE_NO_IMPORT_CYCLE", LintRule.InMinimal, "Packages do not import each other in a circle.", CheckCycles),
        SameOption("PACKAGE_SAME_CSHARP_NAMESPACE", "csharp_namespace", FileOptions.CsharpNamespaceFieldNumber, options => options.CsharpNamespace),
        SameOption("PACKAGE_SAME_GO_PACKAGE", "go_package", FileOptions.GoPackageFieldNumber, options => options.GoPackage),
        SameOption("PACKAGE_SAME_JAVA_MULTIPLE_FILES", "java_multiple_files", FileOptions.JavaMultipleFilesFieldNumber, options => options.HasJavaMultipleFiles ? options.JavaMultipleFiles ? "true" : "false" : ""),
        SameOption("PACKAGE_SAME_JAVA_PACKAGE", "java_package", FileOptions.JavaPackageFieldNumber, options => options.JavaPackage),
        SameOption("PACKAGE_SAME_PHP_NAMESPACE", "php_namespace", FileOptions.PhpNamespaceFieldNumber, options => options.PhpNamespace),
        SameOption("PACKAGE_SAME_RUBY_PACKAGE", "ruby_package", FileOptions.RubyPackageFieldNumber, options => options.RubyPackage),
        SameOption("PACKAGE_SAME_SWIFT_PREFIX", "swift_prefix", FileOptions.SwiftPrefixFieldNumber, options => options.SwiftPrefix),
        LintRule.OfFile("PACKAGE_VERSION_SUFFIX", LintRule.InStandard, "A package ends with its version.", (run, file) =>
        {
            if (file.Package.Length > 0 && !IsVersioned(file.Package))
            {
                run.Report(file, SourcePlaces.Package, $"Package name \"{file.Package}\" should be suffixed with a correctly formed version, such as \"{file.Package}.v1\".");
            }
        }),
        LintRule.OfFile("STABLE_PACKAGE_NO_IMPORT_UNSTABLE", [], "What is stable imports nothing that is not.", (run, file) =>
        {
            for (var i = 0; IsStable(file.Package) && i < file.Dependencies.Count; i++)
            {
                if (file.Dependencies[i] is { } import && IsUnstable(import.Package))
                {
                    run.Report(file, SourcePlaces.Import(i), $"This file is in stable package \"{file.Package}\", so it should not depend on \"{import.Name}\" from unstable package \"{import.Package}\".");
                }
            }
        }),
    ];

    /// <summary>Whether a package says that it is not stable yet: it ends with v1alpha, v1beta1, v1test and the like.</summary>
    internal static bool IsUnstable(string package) => IsVersioned(package) && !StableVersion().IsMatch(package);

    private static bool IsStable(string package) => IsVersioned(package) && StableVersion().IsMatch(package);

    // Numbers beyond those of 32 bits are none.
    private static bool IsVersioned(string package) => Version().Match(package) is { Success: true } version
        && version.Groups["n"].Captures.All(number => int.TryParse(number.Value, NumberStyles.None, CultureInfo.InvariantCulture, out _));

    private static string DirectoryOf(FileDescriptor file) => file.Name.LastIndexOf('/') is var slash and >= 0 ? file.Name[..slash] : ".";

    private static LintRule SameOption(string name, string option, int number, Func<FileOptions, string> valueOf) => new(
        name, LintRule.InBasic, $"The files of a package agree on {option}.",
        run => CheckOneEach(run, file => file.Package, file => file.GetOptions() is { } options ? valueOf(options) : "", SourcePlaces.FileOption(number),
            (package, values) => $"Files in package \"{package}\" have multiple values {values} for option \"{option}\" and all values must be equal."));

    // Files with the same key have one value.
    private static void CheckOneEach(LintRun run, Func<FileDescriptor, string> keyOf, Func<FileDescriptor, string> valueOf, string place, Func<string, string, string> message)
    {
        foreach (var group in run.Files.GroupBy(keyOf))
        {
            List<string> values = [.. group.Select(valueOf).Distinct().Order(StringComparer.Ordinal)];
            if (values.Count > 1)
            {
                foreach (var file in group)
                {
                    run.Report(file, place, message(group.Key, $"\"{string.Join(',', values.Select(value => value.Length == 0 ? "(none)" : value))}\""));
                }
            }
        }
    }

    // Each import that is a step of a circle is told; circles may lead through files that are only imported.
    private static void CheckCycles(LintRun run)
    {
        var edges = WithImports(run.Files)
            .SelectMany(file => file.Dependencies.Where(import => IsEdge(file, import)).Select(import => (file.Package, Import: import.Package)))
            .Distinct()
            .ToLookup(edge => edge.Package, edge => edge.Import);
        Dictionary<(string From, string To), List<string>?> paths = [];
        foreach (var file in run.Files)
        {
            for (var i = 0; i < file.Dependencies.Count; i++)
            {
                var import = file.Dependencies[i];
                if (!IsEdge(file, import))
                {
                    continue;
                }

                var ends = (import.Package, file.Package);
                if (!paths.TryGetValue(ends, out var path))
                {
                    paths[ends] = path = FindPath(edges, import.Package, file.Package);
                }

                if (path is not null)
                {
                    run.Report(file, SourcePlaces.Import(i), $"Package import cycle: {string.Join(" -> ", path.Prepend(file.Package))}.");
                }
            }
        }
    }

    private static bool IsEdge(FileDescriptor file, FileDescriptor import) => import.Package != file.Package && import.Package.Length > 0 && file.Package.Length > 0;

    private static HashSet<FileDescriptor> WithImports(IEnumerable<FileDescriptor> files)
    {
        HashSet<FileDescriptor> all = [];
        Stack<FileDescriptor> open = new(files);
        while (open.TryPop(out var file))
        {
            if (all.Add(file))
            {
                foreach (var import in file.Dependencies)
                {
                    open.Push(import);
                }
            }
        }

        return all;
    }

    // Breadth first: the shortest circle is the one that a reader understands.
    private static List<string>? FindPath(ILookup<string, string> edges, string from, string to)
    {
        Dictionary<string, string?> cameFrom = new(StringComparer.Ordinal) { [from] = null };
        Queue<string> open = new([from]);
        while (open.TryDequeue(out var package))
        {
            if (package == to)
            {
                List<string> path = [];
                for (string? step = package; step is not null; step = cameFrom[step])
                {
                    path.Insert(0, step);
                }

                return path;
            }

            foreach (var next in edges[package].Where(next => cameFrom.TryAdd(next, package)))
            {
                open.Enqueue(next);
            }
        }

        return null;
    }

    [GeneratedRegex(@"\.v(?<n>0*[1-9][0-9]*)(test.*|(p(?<n>0*[1-9][0-9]*))?(alpha|beta)(?<n>0*[1-9][0-9]*)?)?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Version();

    [GeneratedRegex(@"\.v[0-9]+$", RegexOptions.CultureInvariant)]
    private static partial Regex StableVersion();
}
