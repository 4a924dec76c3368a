// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Linting;

/// <summary>A rule of <c>lint</c>, by buf's name for it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Categories">The categories that it belongs to.</param>
/// <param name="Purpose">What it asks for.</param>
/// <param name="Check">Looks at the files of a run and reports what is otherwise.</param>
internal sealed record LintRule(string Name, IReadOnlyList<string> Categories, string Purpose, Action<LintRun> Check)
{
    /// <summary>What no file may lack: it is where code generators expect it.</summary>
    public const string Minimal = "MINIMAL";

    /// <summary>What is common to all styles.</summary>
    public const string Basic = "BASIC";

    /// <summary>The default: what lets a service grow.</summary>
    public const string Standard = "STANDARD";

    /// <summary>That everything has a comment.</summary>
    public const string Comments = "COMMENTS";

    /// <summary>That no method streams.</summary>
    public const string UnaryRpc = "UNARY_RPC";

    /// <summary>Of the minimal category, which the larger ones contain.</summary>
    public static readonly string[] InMinimal = [Minimal, Basic, Standard];

    /// <summary>Of the basic category, which the standard one contains.</summary>
    public static readonly string[] InBasic = [Basic, Standard];

    /// <summary>Of the standard category only.</summary>
    public static readonly string[] InStandard = [Standard];

    /// <summary>A rule that looks at one file at a time.</summary>
    public static LintRule OfFile(string name, IReadOnlyList<string> categories, string purpose, Action<LintRun, FileDescriptor> check) =>
        new(name, categories, purpose, run =>
        {
            foreach (var file in run.Files)
            {
                check(run, file);
            }
        });

    /// <summary>A rule that looks at one element after the other: what it returns is wrong with it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="categories">The categories that it belongs to.</param>
    /// <param name="purpose">What it asks for.</param>
    /// <param name="elements">The elements of a file.</param>
    /// <param name="part">The path of what is reported, within an element; "" for all of it.</param>
    /// <param name="check">Looks at one.</param>
    public static LintRule OfEach<T>(
        string name, IReadOnlyList<string> categories, string purpose, Func<FileDescriptor, IEnumerable<T>> elements, string part, Func<LintRun, T, string?> check)
        where T : DescriptorBase => OfFile(name, categories, purpose, (run, file) =>
        {
            foreach (var element in elements(file))
            {
                if (check(run, element) is { } message)
                {
                    run.Report(element, part, message);
                }
            }
        });
}
