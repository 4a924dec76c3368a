// SPDX-License-Identifier: Apache-2.0

namespace Peregrine.Protobuf.Compiler.Symbols;

/// <summary>The features of <c>google.protobuf.FeatureSet</c> that the compiler itself acts on; zero means not known. Symbols share one
/// object as long as nothing is overridden.</summary>
internal sealed record FeatureValues(
    int FieldPresence,
    int EnumType,
    int RepeatedFieldEncoding,
    int Utf8Validation,
    int MessageEncoding,
    int JsonFormat,
    int EnforceNamingStyle,
    int DefaultSymbolVisibility)
{
    public const int Explicit = 1;
    public const int Implicit = 2;
    public const int LegacyRequired = 3;
    public const int Open = 1;
    public const int Closed = 2;
    public const int Packed = 1;
    public const int Expanded = 2;
    public const int Delimited = 2;
    public const int JsonAllow = 1;
    public const int Style2024 = 1;
    public const int Style2026 = 3;
    public const int ExportAll = 1;
    public const int ExportTopLevel = 2;
    public const int LocalAll = 3;
    public const int Strict = 4;

    public static readonly FeatureValues Unknown = new(0, 0, 0, 0, 0, 0, 0, 0);
}
