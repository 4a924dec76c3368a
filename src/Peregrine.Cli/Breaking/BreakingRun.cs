// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Linq;
using Peregrine.Cli.Linting;
using Peregrine.Cli.Rules;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Breaking;

/// <summary>One comparison of what there was with what there is.</summary>
internal sealed class BreakingRun
{
    // The type of a field, as a source path.
    private const string TypeName = ",6";

    private readonly List<Finding> _findings = [];
    private readonly ProtoInput _after;
    private string _rule = "";

    private BreakingRun(IReadOnlyList<FileDescriptor> before, ProtoInput after)
    {
        Before = before;
        _after = after;
        AfterFiles = after.Files.ToDictionary(file => file.Name, StringComparer.Ordinal);
    }

    /// <summary>The files that there were.</summary>
    public IReadOnlyList<FileDescriptor> Before { get; }

    /// <summary>The files that there are.</summary>
    public IReadOnlyList<FileDescriptor> After => _after.Files;

    /// <summary>The files that there are, by name.</summary>
    public IReadOnlyDictionary<string, FileDescriptor> AfterFiles { get; }

    /// <summary>Files that are in both.</summary>
    public IEnumerable<(FileDescriptor Before, FileDescriptor After)> Files =>
        Before.Where(file => AfterFiles.ContainsKey(file.Name)).Select(file => (file, AfterFiles[file.Name]));

    /// <summary>Messages that are in both, whatever their files, and entries of maps.</summary>
    public IEnumerable<(MessageDescriptor Before, MessageDescriptor After)> Messages => Pairs(DescriptorWalk.MessagesAndEntries, message => message.FullName);

    /// <summary>Enums that are in both.</summary>
    public IEnumerable<(EnumDescriptor Before, EnumDescriptor After)> Enums => Pairs(DescriptorWalk.AllEnums, each => each.FullName);

    /// <summary>Services that are in both.</summary>
    public IEnumerable<(ServiceDescriptor Before, ServiceDescriptor After)> Services => Pairs(file => file.Services, service => service.FullName);

    /// <summary>Methods that are in both.</summary>
    public IEnumerable<(MethodDescriptor Before, MethodDescriptor After)> Methods => Services.SelectMany(pair => pair.Before.Methods
        .Select(method => (Before: method, After: pair.After.FindMethodByName(method.Name))).Where(each => each.After is not null).Select(each => (each.Before, each.After!)));

    /// <summary>Fields that have the same number in both, and extensions that have the same number of the same message.</summary>
    public IEnumerable<(FieldDescriptor Before, FieldDescriptor After)> Fields => Messages.SelectMany(pair => pair.Before.Fields.InDeclarationOrder()
        .Select(before => (Before: before, After: pair.After.FindFieldByNumber(before.FieldNumber))).Where(each => each.After is not null).Select(each => (each.Before, each.After!)))
        .Concat(Pairs(DescriptorWalk.AllExtensions, extension => (extension.ExtendeeType.FullName, extension.FieldNumber)));

    /// <summary>Compares.</summary>
    /// <param name="before">The files that there were.</param>
    /// <param name="after">The files that there are.</param>
    /// <param name="settings">The settings.</param>
    /// <returns>What breaks, in the order of files and lines.</returns>
    /// <exception cref="ToolException">The settings name a rule that there is not.</exception>
    public static IReadOnlyList<Finding> Compare(IReadOnlyList<FileDescriptor> before, ProtoInput after, RuleSettings settings)
    {
        var selected = RuleSelection.Select(BreakingRules.All, BreakingRules.Categories(settings), settings.Use, settings.Except, BreakingRule.File, rule => rule.Name);
        var run = new BreakingRun(before, after);
        foreach (var rule in BreakingRules.All.Where(rule => selected.Contains(rule.Name)))
        {
            run._rule = rule.Name;
            rule.Check(run);
        }

        // What is not stable yet may break, if the user says so.
        var unstable = settings.IsOn("ignore_unstable_packages")
            ? before.Concat(after.Files).Where(file => PackageRules.IsUnstable(file.Package)).Select(file => file.Name).ToHashSet(StringComparer.Ordinal)
            : [];
        return FindingList.Of(run._findings.Where(finding => !unstable.Contains(finding.File) && !unstable.Contains(finding.FileBefore ?? "")), after.Paths, settings, BreakingRules.Categories(settings));
    }

    /// <summary>Reports an element.</summary>
    /// <param name="before">What it was, or what was where it is.</param>
    /// <param name="after">The element.</param>
    /// <param name="message">What breaks.</param>
    /// <param name="parts">The source paths, within the element, of what breaks: the first that is written counts; without one, the file is reported.</param>
    public void Report(DescriptorBase before, DescriptorBase after, string message, params string[] parts)
    {
        // Nothing is written of a map's entry but the map.
        var entry = after as MessageDescriptor ?? (after as FieldDescriptor)?.ContainingType;
        if (entry is { IsMapEntry: true } && after is not FieldDescriptor { IsExtension: true })
        {
            (after, parts) = (entry.ContainingType!.Fields.InDeclarationOrder().First(field => field.IsMap && field.MessageType == entry), [TypeName]);
        }

        var path = SourcePlaces.PathOf(after);
        Add(before.File, after.File, parts.Select(part => path + part), message);
    }

    /// <summary>Reports a file.</summary>
    /// <param name="before">What it was.</param>
    /// <param name="after">The file.</param>
    /// <param name="message">What breaks.</param>
    /// <param name="paths">The source paths of what breaks: the first that is written counts; without one, all of the file is reported.</param>
    public void Report(FileDescriptor before, FileDescriptor after, string message, params IEnumerable<string> paths) => Add(before, after, paths, message);

    /// <summary>Reports a file that has gone, or something of it that could be in any other.</summary>
    public void ReportGone(FileDescriptor before, string message) => _findings.Add(Finding.At(before, null, _rule, message) with { FileBefore = before.Name });

    private void Add(FileDescriptor before, FileDescriptor after, IEnumerable<string> paths, string message) => _findings.Add(
        Finding.At(after, paths.Select(path => _after.Places.Find(after, path)).FirstOrDefault(place => place is not null), _rule, message) with { FileBefore = before.Name });

    private IEnumerable<(T Before, T After)> Pairs<T, TKey>(Func<FileDescriptor, IEnumerable<T>> elements, Func<T, TKey> keyOf)
        where TKey : notnull
    {
        var after = After.SelectMany(elements).DistinctBy(keyOf).ToDictionary(keyOf);
        return Before.SelectMany(elements).Where(before => after.ContainsKey(keyOf(before))).Select(before => (before, after[keyOf(before)]));
    }
}
