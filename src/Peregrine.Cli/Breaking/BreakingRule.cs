// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Breaking;

/// <summary>A rule of <c>breaking</c>, by buf's name for it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Categories">The categories that it belongs to.</param>
/// <param name="Purpose">What it asks for.</param>
/// <param name="Check">Compares the two states of a run and reports what breaks.</param>
internal sealed record BreakingRule(string Name, IReadOnlyList<string> Categories, string Purpose, Action<BreakingRun> Check)
{
    /// <summary>The default: generated code stays compatible in every language, file by file.</summary>
    public const string File = "FILE";

    /// <summary>Generated code stays compatible where only packages matter: things may move between files of one.</summary>
    public const string Package = "PACKAGE";

    /// <summary>What is sent in binary or JSON stays readable.</summary>
    public const string WireJson = "WIRE_JSON";

    /// <summary>What is sent in binary stays readable.</summary>
    public const string Wire = "WIRE";

    /// <summary>What Confluent's schema registry asks for: what is sent stays readable, and schemas stay those of their subjects.</summary>
    public const string Csr = "CSR";

    /// <summary>Of code generated file by file only.</summary>
    public static readonly string[] InFile = [File];

    /// <summary>Of code generated file by file, and of schema registries.</summary>
    public static readonly string[] InFileAndCsr = [Csr, File];

    /// <summary>Of code generated package by package only.</summary>
    public static readonly string[] InPackage = [Package];

    /// <summary>Of all generated code.</summary>
    public static readonly string[] InSource = [File, Package];

    /// <summary>Of all generated code, and of schema registries.</summary>
    public static readonly string[] InSourceAndCsr = [Csr, File, Package];

    /// <summary>Of generated code and JSON.</summary>
    public static readonly string[] InSourceAndJson = [Csr, File, Package, WireJson];

    /// <summary>Of all.</summary>
    public static readonly string[] InAll = [Csr, File, Package, WireJson, Wire];

    /// <summary>Of what is sent, in either form.</summary>
    public static readonly string[] InBothWires = [Csr, WireJson, Wire];

    /// <summary>Of JSON only.</summary>
    public static readonly string[] InJson = [Csr, WireJson];

    /// <summary>Of the binary form only.</summary>
    public static readonly string[] InBinary = [Wire];

    /// <summary>A rule that compares what is there before and after: what it returns is wrong with it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="categories">The categories that it belongs to.</param>
    /// <param name="purpose">What it asks for.</param>
    /// <param name="pairs">The pairs of a run.</param>
    /// <param name="check">Compares the two of a pair.</param>
    /// <param name="parts">The source paths, within the element, of what is reported: the first that is written counts; "" is all of the element.</param>
    public static BreakingRule OfPairs<T>(
        string name, IReadOnlyList<string> categories, string purpose, Func<BreakingRun, IEnumerable<(T Before, T After)>> pairs, Func<T, T, string?> check, params string[] parts)
        where T : DescriptorBase => new(name, categories, purpose, run =>
        {
            foreach (var (before, after) in pairs(run))
            {
                if (check(before, after) is { } message)
                {
                    run.Report(before, after, message, parts);
                }
            }
        });
}
