// SPDX-License-Identifier: Apache-2.0

namespace Peregrine.Protobuf.Compiler.Symbols;

/// <summary>The numbers that descriptor.proto gives to those options, and fields of options, that the compiler itself acts on.</summary>
internal static class OptionNumbers
{
    // FileOptions
    public const int OptimizeFor = 9;
    public const int CcGenericServices = 16;
    public const int JavaGenericServices = 17;
    public const int JavaStringCheckUtf8 = 27;

    // MessageOptions
    public const int MessageSetWireFormat = 1;
    public const int MapEntry = 7;
    public const int MessageLegacyJsonConflicts = 11;

    // FieldOptions
    public const int CType = 1;
    public const int Packed = 2;
    public const int Lazy = 5;
    public const int JsType = 6;
    public const int UnverifiedLazy = 15;
    public const int DebugRedact = 16;
    public const int Retention = 17;
    public const int Targets = 19;
    public const int EditionDefaults = 20;
    public const int FieldFeatureSupport = 22;

    // ExtensionRangeOptions
    public const int Declaration = 2;
    public const int Verification = 3;

    // EnumOptions
    public const int AllowAlias = 2;
    public const int EnumLegacyJsonConflicts = 6;

    // EnumValueOptions
    public const int EnumValueDebugRedact = 3;
    public const int EnumValueFeatureSupport = 4;

    // ExtensionRangeOptions.Declaration
    public const int DeclarationNumber = 1;
    public const int DeclarationFullName = 2;
    public const int DeclarationType = 3;
    public const int DeclarationReserved = 5;
    public const int DeclarationRepeated = 6;

    // FieldOptions.FeatureSupport
    public const int EditionIntroduced = 1;
    public const int EditionDeprecated = 2;
    public const int DeprecationWarning = 3;
    public const int EditionRemoved = 4;
    public const int RemovalError = 5;

    // FeatureSet
    public const int FieldPresence = 1;
    public const int EnumType = 2;
    public const int RepeatedFieldEncoding = 3;
    public const int Utf8Validation = 4;
    public const int MessageEncoding = 5;
    public const int JsonFormat = 6;
    public const int EnforceNamingStyle = 7;
    public const int DefaultSymbolVisibility = 8;
}
