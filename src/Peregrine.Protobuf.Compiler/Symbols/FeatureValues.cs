// SPDX-License-Identifier: Apache-2.0
using System;

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
    public const int Implicit = 2;
    public const int LegacyRequired = 3;
    public const int Closed = 2;
    public const int Packed = 1;
    public const int Expanded = 2;
    public const int Delimited = 2;
    public const int JsonAllow = 1;
    public const int Style2024 = 1;
    public const int Style2026 = 3;
    public const int ExportTopLevel = 2;
    public const int LocalAll = 3;
    public const int Strict = 4;

    public static readonly FeatureValues Unknown = new(0, 0, 0, 0, 0, 0, 0, 0);

    /// <summary>These values, overridden.</summary>
    /// <param name="value">The value of a feature by its number in <c>FeatureSet</c>; null where it stays as it is.</param>
    public FeatureValues With(Func<int, int?> value) => new(
        value(OptionNumbers.FieldPresence) ?? FieldPresence,
        value(OptionNumbers.EnumType) ?? EnumType,
        value(OptionNumbers.RepeatedFieldEncoding) ?? RepeatedFieldEncoding,
        value(OptionNumbers.Utf8Validation) ?? Utf8Validation,
        value(OptionNumbers.MessageEncoding) ?? MessageEncoding,
        value(OptionNumbers.JsonFormat) ?? JsonFormat,
        value(OptionNumbers.EnforceNamingStyle) ?? EnforceNamingStyle,
        value(OptionNumbers.DefaultSymbolVisibility) ?? DefaultSymbolVisibility);
}
