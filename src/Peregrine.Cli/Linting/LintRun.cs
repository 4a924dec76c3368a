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
    private readonly bool _allowsComments;
    private string _rule = "";

    private LintRun(ProtoInput input, RuleSettings settings)
    {
        _input = input;
        Settings = settings;
        _allowsComments = settings.AllowsCommentIgnores;
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
        var selected = RuleSelection.Select(LintRules.All, LintRules.Categories(settings), settings.Use, settings.Except, LintRule.Standard, rule => rule.Name);
        var run = new LintRun(input, settings);
        foreach (var rule in LintRules.All.Where(rule => selected.Contains(rule.Name)))
        {
            run._rule = rule.Name;
            rule.Check(run);
        }

        return FindingList.Of(run._findings, input.Paths, settings, LintRules.Categories(settings));
    }

    /// <summary>The imports of a file of which nothing is used.</summary>
    public IReadOnlyList<string> UnusedImportsOf(string file) => _input.UnusedImports.TryGetValue(file, out var imports) ? imports : [];

    /// <summary>A file as its descriptor has it; not to be changed.</summary>
    public FileDescriptorProto ProtoOf(FileDescriptor file) => _input.Places.ProtoOf(file);

    /// <summary>Reports an element.</summary>
    /// <param name="element">The element.</param>
    /// <param name="part">The path of the part of it that is wrong, from a comma on; "" for all of it. Where that is not written, it is all of it.</param>
    /// <param name="message">What is wrong.</param>
    public void Report(DescriptorBase element, string part, string message)
    {
        var path = SourcePlaces.PathOf(element);
        Report(element.File, _input.Places.Find(element.File, path + part) is null ? path : path + part, message);
    }

    /// <summary>Reports a file, unless a comment before the place, or before what that lies in, says otherwise.</summary>
    /// <param name="file">The file.</param>
    /// <param name="path">The path of what is wrong; null, or one that is not written, for all of the file.</param>
    /// <param name="message">What is wrong.</param>
    public void Report(FileDescriptor file, string? path, string message)
    {
        if (path is null || !_allowsComments || !_input.Places.CommentsAround(file, path).Any(IsIgnored))
        {
            _findings.Add(Finding.At(file, path is null ? null : _input.Places.Find(file, path), _rule, message));
        }
    }

    // What follows the name may be a reason.
    private bool IsIgnored(string comment) =>
        comment.Split('\n').Any(line => line.AsSpan().Trim().StartsWith($"{IgnoreMark} {_rule}", StringComparison.Ordinal));
}
