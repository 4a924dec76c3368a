// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
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
                run.Report(file, "Files must have a package defined.");
            }
        }),
        LintRule.OfFile("PACKAGE_DIRECTORY_MATCH", LintRule.InMinimal, "A file lies where its package says.", (run, file) =>
        {
            var expected = file.Package.Replace('.', '/');
            if (expected.Length > 0 && DirectoryOf(file) != expected)
            {
                run.Report(file, $"Files with package \"{file.Package}\" must be within a directory \"{expected}\" relative to root but were in directory \"{DirectoryOf(file)}\".");
            }
        }),
        new("PACKAGE_SAME_DIRECTORY", LintRule.InMinimal, "The files of a package lie in one directory.", run => CheckOneEach(
            run, file => file.Package, DirectoryOf, (package, directories) => $"Multiple directories {directories} contain files with package \"{package}\".")),
        new("DIRECTORY_SAME_PACKAGE", LintRule.InMinimal, "The files of a directory have one package.", run => CheckOneEach(
            run, DirectoryOf, file => file.Package, (directory, packages) => $"Multiple packages {packages} detected within directory \"{directory}\".")),
        new("PACKAGE_NO_IMPORT_CYCLE", LintRule.InMinimal, "Packages do not import each other in a circle.", CheckCycles),
        SameOption("PACKAGE_SAME_CSHARP_NAMESPACE", "csharp_namespace", options => options.HasCsharpNamespace ? options.CsharpNamespace : ""),
        SameOption("PACKAGE_SAME_GO_PACKAGE", "go_package", options => options.HasGoPackage ? options.GoPackage : ""),
        SameOption("PACKAGE_SAME_JAVA_MULTIPLE_FILES", "java_multiple_files", options => options.HasJavaMultipleFiles ? options.JavaMultipleFiles ? "true" : "false" : ""),
        SameOption("PACKAGE_SAME_JAVA_PACKAGE", "java_package", options => options.HasJavaPackage ? options.JavaPackage : ""),
        SameOption("PACKAGE_SAME_PHP_NAMESPACE", "php_namespace", options => options.HasPhpNamespace ? options.PhpNamespace : ""),
        SameOption("PACKAGE_SAME_RUBY_PACKAGE", "ruby_package", options => options.HasRubyPackage ? options.RubyPackage : ""),
        SameOption("PACKAGE_SAME_SWIFT_PREFIX", "swift_prefix", options => options.HasSwiftPrefix ? options.SwiftPrefix : ""),
        LintRule.OfFile("PACKAGE_VERSION_SUFFIX", LintRule.InStandard, "A package ends with its version.", (run, file) =>
        {
            if (file.Package.Length > 0 && !IsVersioned(file.Package))
            {
                run.Report(file, $"Package name \"{file.Package}\" should be suffixed with a correctly formed version, such as \"{file.Package}.v1\".");
            }
        }),
        LintRule.OfFile("STABLE_PACKAGE_NO_IMPORT_UNSTABLE", [], "What is stable imports nothing that is not.", (run, file) =>
        {
            if (StableVersion().IsMatch(file.Package))
            {
                foreach (var import in file.Dependencies.Where(import => IsUnstable(import.Package)))
                {
                    run.Report(file, $"This file is in stable package \"{file.Package}\", so it should not depend on \"{import.Name}\" from unstable package \"{import.Package}\".");
                }
            }
        }),
    ];

    /// <summary>Whether a package says that it is not stable yet: it ends with v1alpha, v1beta1, v1test and the like.</summary>
    internal static bool IsUnstable(string package) => IsVersioned(package) && !StableVersion().IsMatch(package);

    private static string DirectoryOf(FileDescriptor file) => file.Name.LastIndexOf('/') is var slash and >= 0 ? file.Name[..slash] : ".";

    private static bool IsVersioned(string package) => Version().IsMatch(package);

    private static LintRule SameOption(string name, string option, Func<FileOptions, string> valueOf) => new(
        name, LintRule.InBasic, $"The files of a package agree on {option}.",
        run => CheckOneEach(run, file => file.Package, file => file.GetOptions() is { } options ? valueOf(options) : "",
            (package, values) => $"Files in package \"{package}\" have multiple values {values} for option \"{option}\" and all values must be equal."));

    // Files with the same key have one value.
    private static void CheckOneEach(LintRun run, Func<FileDescriptor, string> keyOf, Func<FileDescriptor, string> valueOf, Func<string, string, string> message)
    {
        foreach (var group in run.Files.GroupBy(keyOf).Where(group => group.Key.Length > 0))
        {
            List<string> values = [.. group.Select(valueOf).Distinct().Order(StringComparer.Ordinal)];
            if (values.Count > 1)
            {
                foreach (var file in group)
                {
                    run.Report(file, message(group.Key, $"\"{string.Join(',', values)}\""));
                }
            }
        }
    }

    private static void CheckCycles(LintRun run)
    {
        var edges = run.Files
            .SelectMany(file => file.Dependencies.Where(import => import.Package != file.Package && import.Package.Length > 0).Select(import => (file.Package, Import: import.Package)))
            .ToLookup(edge => edge.Package, edge => edge.Import);
        foreach (var file in run.Files)
        {
            foreach (var import in file.Dependencies.Where(import => import.Package != file.Package && import.Package.Length > 0))
            {
                if (FindPath(edges, import.Package, file.Package) is { } path)
                {
                    run.Report(file, $"Package import cycle: {string.Join(" -> ", path.Prepend(file.Package))}.");
                    break;
                }
            }
        }
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

    [GeneratedRegex(@"(^|\.)v[1-9][0-9]*(test.*|(p[1-9][0-9]*)?(alpha|beta)([1-9][0-9]*)?)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Version();

    [GeneratedRegex(@"(^|\.)v[1-9][0-9]*$", RegexOptions.CultureInvariant)]
    private static partial Regex StableVersion();
}
