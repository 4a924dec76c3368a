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
        new("FILE_NO_DELETE", BreakingRule.InFileAndCsr, "No file goes.", run =>
        {
            foreach (var file in run.Before.Where(file => !run.AfterFiles.ContainsKey(file.Name)))
            {
                run.ReportGone(file, $"Previously present file \"{file.Name}\" was deleted.");
            }
        }),
        new("PACKAGE_NO_DELETE", BreakingRule.InPackage, "No package goes.", run =>
        {
            var packages = run.After.Select(file => file.Package).ToHashSet(StringComparer.Ordinal);
            foreach (var file in run.Before.Where(file => !packages.Contains(file.Package)).OrderBy(file => file.Name, StringComparer.Ordinal).DistinctBy(file => file.Package))
            {
                run.ReportGone(file, $"Previously present package \"{file.Package}\" was deleted.");
            }
        }),
        InFile("MESSAGE_NO_DELETE", BreakingRule.InFileAndCsr, "message", DescriptorWalk.MessagesAndEntries),
        InFile("ENUM_NO_DELETE", BreakingRule.InFileAndCsr, "enum", DescriptorWalk.AllEnums),
        InFile("SERVICE_NO_DELETE", BreakingRule.InFile, "service", file => file.Services),
        InFile("EXTENSION_NO_DELETE", BreakingRule.InFile, "extension", DescriptorWalk.AllExtensions),
        InPackage("PACKAGE_MESSAGE_NO_DELETE", "message", DescriptorWalk.MessagesAndEntries),
        InPackage("PACKAGE_ENUM_NO_DELETE", "enum", DescriptorWalk.AllEnums),
        InPackage("PACKAGE_SERVICE_NO_DELETE", "service", file => file.Services),
        InPackage("PACKAGE_EXTENSION_NO_DELETE", "extension", DescriptorWalk.AllExtensions),
    ];

    // A whole file that went is one finding of its own rule.
    private static BreakingRule InFile<T>(string name, string[] categories, string kind, Func<FileDescriptor, IEnumerable<T>> elements)
        where T : DescriptorBase => new(name, categories, $"No {kind} leaves its file.", run =>
        {
            foreach (var (before, after) in run.Files)
            {
                var names = elements(after).Select(NameInPackage).ToHashSet(StringComparer.Ordinal);
                foreach (var element in elements(before).Where(element => !names.Contains(NameInPackage(element))))
                {
                    Report(run, element, after, $"Previously present {kind} \"{element.FullName}\" was deleted from file \"{before.Name}\".");
                }
            }
        });

    // A whole package that went is one finding, too.
    private static BreakingRule InPackage<T>(string name, string kind, Func<FileDescriptor, IEnumerable<T>> elements)
        where T : DescriptorBase => new(name, BreakingRule.InPackage, $"No {kind} leaves its package.", run =>
        {
            var packages = run.After.Select(file => file.Package).ToHashSet(StringComparer.Ordinal);
            var names = run.After.SelectMany(elements).Select(element => element.FullName).ToHashSet(StringComparer.Ordinal);
            foreach (var element in run.Before.Where(file => packages.Contains(file.Package)).SelectMany(elements).Where(element => !names.Contains(element.FullName)))
            {
                var message = $"Previously present {kind} \"{element.FullName}\" was deleted from package \"{element.File.Package}\".";
                if (run.AfterFiles.TryGetValue(element.File.Name, out var after))
                {
                    Report(run, element, after, message);
                }
                else
                {
                    run.ReportGone(element.File, message);
                }
            }
        });

    // Where it would be: in the innermost message around it that is still in its file.
    private static void Report(BreakingRun run, DescriptorBase before, FileDescriptor after, string message)
    {
        var names = after.MessagesAndEntries().ToDictionary(NameInPackage, StringComparer.Ordinal);
        for (var outer = Around(before); outer is not null; outer = outer.ContainingType)
        {
            if (names.TryGetValue(NameInPackage(outer), out var around))
            {
                run.Report(before, around, message, "");
                return;
            }
        }

        run.Report(before.File, after, message);
    }

    private static MessageDescriptor? Around(DescriptorBase element) => element switch
    {
        MessageDescriptor message => message.ContainingType,
        EnumDescriptor each => each.ContainingType,
        FieldDescriptor extension => extension.ContainingType,
        _ => null,
    };

    private static string NameInPackage(DescriptorBase element) => element.File.Package is { Length: > 0 } package ? element.FullName[(package.Length + 1)..] : element.FullName;
}
