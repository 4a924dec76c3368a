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
    private readonly List<Finding> _findings = [];
    private readonly Dictionary<string, IDescriptor> _after;
    private string _rule = "";

    private BreakingRun(IReadOnlyList<FileDescriptor> before, IReadOnlyList<FileDescriptor> after)
    {
        Before = before;
        After = after;
        AfterFiles = after.ToDictionary(file => file.Name, StringComparer.Ordinal);
        _after = after.SelectMany(NamedIn).DistinctBy(each => each.FullName).ToDictionary(each => each.FullName, StringComparer.Ordinal);
    }

    /// <summary>The files that there were.</summary>
    public IReadOnlyList<FileDescriptor> Before { get; }

    /// <summary>The files that there are.</summary>
    public IReadOnlyList<FileDescriptor> After { get; }

    /// <summary>The files that there are, by name.</summary>
    public IReadOnlyDictionary<string, FileDescriptor> AfterFiles { get; }

    /// <summary>Files that are in both.</summary>
    public IEnumerable<(FileDescriptor Before, FileDescriptor After)> Files =>
        Before.Where(file => AfterFiles.ContainsKey(file.Name)).Select(file => (file, AfterFiles[file.Name]));

    /// <summary>Messages that are in both, whatever their files.</summary>
    public IEnumerable<(MessageDescriptor Before, MessageDescriptor After)> Messages => Pairs(DescriptorWalk.AllMessages);

    /// <summary>Enums that are in both.</summary>
    public IEnumerable<(EnumDescriptor Before, EnumDescriptor After)> Enums => Pairs(DescriptorWalk.AllEnums);

    /// <summary>Services that are in both.</summary>
    public IEnumerable<(ServiceDescriptor Before, ServiceDescriptor After)> Services => Pairs(file => file.Services);

    /// <summary>Methods that are in both.</summary>
    public IEnumerable<(MethodDescriptor Before, MethodDescriptor After)> Methods => Services.SelectMany(pair => pair.Before.Methods
        .Select(method => (Before: method, After: pair.After.FindMethodByName(method.Name))).Where(each => each.After is not null).Select(each => (each.Before, each.After!)));

    /// <summary>Fields that have the same number in both.</summary>
    public IEnumerable<(FieldDescriptor Before, FieldDescriptor After)> Fields => Messages.SelectMany(pair => pair.Before.Fields.InDeclarationOrder()
        .Select(before => (Before: before, After: pair.After.FindFieldByNumber(before.FieldNumber))).Where(each => each.After is not null).Select(each => (each.Before, each.After!)));

    /// <summary>Compares.</summary>
    /// <param name="before">The files that there were.</param>
    /// <param name="after">The files that there are.</param>
    /// <param name="settings">The settings.</param>
    /// <returns>What breaks, in the order of files and lines.</returns>
    /// <exception cref="ToolException">The settings name a rule that there is not.</exception>
    public static IReadOnlyList<Finding> Compare(IReadOnlyList<FileDescriptor> before, ProtoInput after, RuleSettings settings)
    {
        var selected = RuleSelection.Select(BreakingRules.All, BreakingRules.Categories, settings.Use, settings.Except, BreakingRule.File, rule => rule.Name);
        var run = new BreakingRun(before, after.Files);
        foreach (var rule in BreakingRules.All.Where(rule => selected.Contains(rule.Name)))
        {
            run._rule = rule.Name;
            rule.Check(run);
        }

        // What is not stable yet may break, if the user says so.
        var unstable = settings.IsOn("ignore_unstable_packages")
            ? before.Concat(after.Files).Where(file => PackageRules.IsUnstable(file.Package)).Select(file => file.Name).ToHashSet(StringComparer.Ordinal)
            : [];
        return FindingList.Of(run._findings.Where(finding => !unstable.Contains(finding.File)), after.Paths, new IgnoredPaths(settings, BreakingRules.Categories));
    }

    /// <summary>What has a name now; null if it has gone.</summary>
    public T? Find<T>(string fullName)
        where T : class, IDescriptor => _after.GetValueOrDefault(fullName) as T;

    /// <summary>Reports something that is there.</summary>
    public void Report(IDescriptor after, string message) => _findings.Add(Finding.At(
        after.File, after is FileDescriptor file ? file.PackageDeclaration ?? file.SyntaxDeclaration : (after as DescriptorBase)?.Declaration, _rule, message));

    /// <summary>Reports something that has gone, where it would be.</summary>
    public void ReportGone(IDescriptor before, string message)
    {
        IDescriptor? around = before switch
        {
            FieldDescriptor { IsExtension: false } field => Find<MessageDescriptor>(field.ContainingType.FullName),
            OneofDescriptor oneof => Find<MessageDescriptor>(oneof.ContainingType.FullName),
            EnumValueDescriptor value => Find<EnumDescriptor>(value.EnumDescriptor.FullName),
            MethodDescriptor method => Find<ServiceDescriptor>(method.Service.FullName),
            MessageDescriptor { ContainingType: { } outer } => Find<MessageDescriptor>(outer.FullName),
            EnumDescriptor { ContainingType: { } outer } => Find<MessageDescriptor>(outer.FullName),
            _ => null,
        };
        if (around is not null)
        {
            Report(around, message);
        }
        else
        {
            _findings.Add(new Finding(before.File.Name, 0, 0, _rule, message));
        }
    }

    private static IEnumerable<IDescriptor> NamedIn(FileDescriptor file) =>
        [.. file.AllMessages(), .. file.AllEnums(), .. file.Services, .. file.AllExtensions()];

    private IEnumerable<(T Before, T After)> Pairs<T>(Func<FileDescriptor, IEnumerable<T>> elements)
        where T : class, IDescriptor => Before.SelectMany(elements).Select(before => (Before: before, After: Find<T>(before.FullName)))
            .Where(pair => pair.After is not null).Select(pair => (pair.Before, pair.After!));
}
