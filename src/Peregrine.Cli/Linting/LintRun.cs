// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Linq;
using Peregrine.Cli.Rules;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Linting;

/// <summary>One look at files with the rules that are wanted.</summary>
internal sealed class LintRun
{
    private const string IgnoreMark = "buf:lint:ignore";

    private readonly List<Finding> _findings = [];
    private readonly ProtoInput _input;
    private string _rule = "";

    private LintRun(ProtoInput input, RuleSettings settings)
    {
        _input = input;
        Settings = settings;
    }

    /// <summary>The files that are looked at; what they import is not.</summary>
    public IReadOnlyList<FileDescriptor> Files => _input.Files;

    /// <summary>What the user wants otherwise than the default.</summary>
    public RuleSettings Settings { get; }

    /// <summary>Looks at files.</summary>
    /// <returns>What the rules do not allow, in the order of files and lines.</returns>
    /// <exception cref="ToolException">The settings name a rule that there is not.</exception>
    public static IReadOnlyList<Finding> Check(ProtoInput input, RuleSettings settings)
    {
        var selected = RuleSelection.Select(LintRules.All, LintRules.Categories, settings.Use, settings.Except, LintRule.Standard, rule => rule.Name);
        var run = new LintRun(input, settings);
        foreach (var rule in LintRules.All.Where(rule => selected.Contains(rule.Name)))
        {
            run._rule = rule.Name;
            rule.Check(run);
        }

        return FindingList.Of(run._findings, input.Paths, new IgnoredPaths(settings, LintRules.Categories));
    }

    /// <summary>The imports of a file of which nothing is used.</summary>
    public IReadOnlyList<string> UnusedImportsOf(FileDescriptor file) => _input.UnusedImports.TryGetValue(file.Name, out var imports) ? imports : [];

    /// <summary>Reports an element, unless a comment before it, or before what it lies in, says otherwise.</summary>
    public void Report(DescriptorBase element, string message)
    {
        if (!Chain(element).Any(IsIgnored))
        {
            _findings.Add(Finding.At(element.File, element.Declaration, _rule, message));
        }
    }

    /// <summary>Reports a file, at its package if that has a place.</summary>
    public void Report(FileDescriptor file, string message)
    {
        if (!IsIgnored(file.PackageDeclaration) && !IsIgnored(file.SyntaxDeclaration))
        {
            _findings.Add(Finding.At(file, file.PackageDeclaration ?? file.SyntaxDeclaration, _rule, message));
        }
    }

    private static IEnumerable<DescriptorBase> Chain(DescriptorBase? element)
    {
        while (element is not null)
        {
            yield return element;
            element = element switch
            {
                FieldDescriptor { IsExtension: false } field => field.ContainingType,
                OneofDescriptor oneof => oneof.ContainingType,
                MessageDescriptor message => message.ContainingType,
                EnumDescriptor @enum => @enum.ContainingType,
                EnumValueDescriptor value => value.EnumDescriptor,
                MethodDescriptor method => method.Service,
                _ => null,
            };
        }
    }

    private bool IsIgnored(DescriptorBase element) => IsIgnored(element.Declaration);

    private bool IsIgnored(DescriptorDeclaration? place) =>
        place is not null && place.LeadingComments.Split('\n').Any(line => line.Trim() is var text && text.StartsWith(IgnoreMark, StringComparison.Ordinal)
            && text[IgnoreMark.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() == _rule);
}
