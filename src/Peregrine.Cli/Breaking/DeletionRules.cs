// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Linq;
using Peregrine.Cli.Rules;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Breaking;

/// <summary>Rules that files, packages and what is declared in them stay.</summary>
internal static class DeletionRules
{
    /// <summary>The rules.</summary>
    public static IReadOnlyList<BreakingRule> All { get; } =
    [
        new("FILE_NO_DELETE", BreakingRule.InFile, "No file goes.", run =>
        {
            foreach (var file in run.Before.Where(file => !run.AfterFiles.ContainsKey(file.Name)))
            {
                run.ReportGone(file, $"Previously present file \"{file.Name}\" was deleted.");
            }
        }),
        new("PACKAGE_NO_DELETE", BreakingRule.InPackage, "No package goes.", run =>
        {
            var packages = run.After.Select(file => file.Package).ToHashSet(StringComparer.Ordinal);
            foreach (var file in run.Before.Where(file => !packages.Contains(file.Package)).DistinctBy(file => file.Package))
            {
                run.ReportGone(file, $"Previously present package \"{file.Package}\" was deleted.");
            }
        }),
        InFile("MESSAGE_NO_DELETE", "message", DescriptorWalk.AllMessages),
        InFile("ENUM_NO_DELETE", "enum", DescriptorWalk.AllEnums),
        InFile("SERVICE_NO_DELETE", "service", file => file.Services),
        InFile("EXTENSION_NO_DELETE", "extension", DescriptorWalk.AllExtensions),
        InPackage("PACKAGE_MESSAGE_NO_DELETE", "message", DescriptorWalk.AllMessages),
        InPackage("PACKAGE_ENUM_NO_DELETE", "enum", DescriptorWalk.AllEnums),
        InPackage("PACKAGE_SERVICE_NO_DELETE", "service", file => file.Services),
        InPackage("PACKAGE_EXTENSION_NO_DELETE", "extension", DescriptorWalk.AllExtensions),
    ];

    private static BreakingRule InFile<T>(string name, string kind, Func<FileDescriptor, IEnumerable<T>> elements)
        where T : class, IDescriptor => Rule(
            name, BreakingRule.InFile, kind, elements, "file", before => before.File.Name,
            (before, after) => after is not null && after.File.Name == before.File.Name);

    private static BreakingRule InPackage<T>(string name, string kind, Func<FileDescriptor, IEnumerable<T>> elements)
        where T : class, IDescriptor => Rule(
            name, BreakingRule.InPackage, kind, elements, "package", before => before.File.Package, (_, after) => after is not null);

    private static BreakingRule Rule<T>(
        string name, string[] categories, string kind, Func<FileDescriptor, IEnumerable<T>> elements, string place, Func<T, string> placeOf, Func<T, T?, bool> isThere)
        where T : class, IDescriptor => new(name, categories, $"No {kind} leaves its {place}.", run =>
        {
            // A whole file that went is one finding of its own rule.
            foreach (var before in run.Before.Where(file => place != "file" || run.AfterFiles.ContainsKey(file.Name)).SelectMany(elements))
            {
                if (!isThere(before, run.Find<T>(before.FullName)))
                {
                    run.ReportGone(before, $"Previously present {kind} \"{before.FullName}\" was deleted from {place} \"{placeOf(before)}\".");
                }
            }
        });
}
