// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protobuf.Compiler.Syntax.Nodes;

namespace Peregrine.Protobuf.Compiler.Syntax;

/// <summary>The version of the language; the numbers are those of <c>google.protobuf.Edition</c>.</summary>
internal enum SourceEdition
{
    Unknown = 0,
    Test1 = 1,
    Test2 = 2,
    Legacy = 900,
    Proto2 = 998,
    Proto3 = 999,
    Edition2023 = 1000,
    Edition2024 = 1001,
    Edition2026 = 1002,
    Unstable = 9999,
    Max = int.MaxValue,
}

internal static class SourceEditions
{
    /// <summary>The newest edition whose rules this compiler knows.</summary>
    public const SourceEdition Newest = SourceEdition.Edition2024;

    /// <summary>What a file says about itself; a file that says nothing is proto2.</summary>
    public static SourceEdition Of(SyntaxDeclarationSyntax? declaration) => declaration switch
    {
        null or { IsEdition: false, Value: "proto2" } => SourceEdition.Proto2,
        { IsEdition: false, Value: "proto3" } => SourceEdition.Proto3,
        { IsEdition: true, Value: "LEGACY" } => SourceEdition.Legacy,
        { IsEdition: true, Value: "2023" } => SourceEdition.Edition2023,
        { IsEdition: true, Value: "2024" } => SourceEdition.Edition2024,
        { IsEdition: true, Value: "2026" } => SourceEdition.Edition2026,
        { IsEdition: true, Value: "UNSTABLE" } => SourceEdition.Unstable,

        // The placeholders for tests of protobuf itself.
        { IsEdition: true, Value: "1_TEST_ONLY" } => SourceEdition.Test1,
        { IsEdition: true, Value: "2_TEST_ONLY" } => SourceEdition.Test2,
        { IsEdition: true, Value: "99997_TEST_ONLY" } => (SourceEdition)99997,
        { IsEdition: true, Value: "99998_TEST_ONLY" } => (SourceEdition)99998,
        { IsEdition: true, Value: "99999_TEST_ONLY" } => (SourceEdition)99999,
        { IsEdition: true, Value: "MAX" } => SourceEdition.Max,
        _ => SourceEdition.Unknown,
    };

    /// <summary>Whether a file of that kind has features, and begins with <c>edition</c>.</summary>
    public static bool IsEditions(SourceEdition edition) => edition is not (SourceEdition.Proto2 or SourceEdition.Proto3);

    /// <summary>How a file says it: the other way of <see cref="Of"/>.</summary>
    public static string Value(SourceEdition edition) => edition switch
    {
        SourceEdition.Proto2 => "proto2",
        SourceEdition.Proto3 => "proto3",
        SourceEdition.Edition2023 => "2023",
        SourceEdition.Edition2024 => "2024",
        SourceEdition.Edition2026 => "2026",
        SourceEdition.Legacy => "LEGACY",
        SourceEdition.Unstable => "UNSTABLE",
        SourceEdition.Max => "MAX",
        _ => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{(int)edition}_TEST_ONLY"),
    };

    public static string Name(SourceEdition edition) => edition switch
    {
        SourceEdition.Proto2 => "proto2",
        SourceEdition.Proto3 => "proto3",
        SourceEdition.Edition2023 => "edition 2023",
        SourceEdition.Edition2024 => "edition 2024",
        SourceEdition.Edition2026 => "edition 2026",
        SourceEdition.Unstable => "edition UNSTABLE",
        _ => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"edition {(int)edition}"),
    };
}
