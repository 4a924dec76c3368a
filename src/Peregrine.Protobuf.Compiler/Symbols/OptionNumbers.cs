// SPDX-License-Identifier: Apache-2.0

namespace Peregrine.Protobuf.Compiler.Symbols;

/// <summary>
/// The numbers of those options in descriptor.proto that say something about the use of what they stand on, in other files, too.
/// </summary>
internal static class OptionNumbers
{
    // FileOptions
    public const int OptimizeFor = 9;

    // FieldOptions
    public const int Packed = 2;
    public const int DebugRedact = 16;
    public const int Retention = 17;
    public const int Targets = 19;
    public const int EditionDefaults = 20;
    public const int FieldFeatureSupport = 22;

    // ExtensionRangeOptions
    public const int Declaration = 2;
    public const int Verification = 3;

    // EnumValueOptions
    public const int EnumValueDebugRedact = 3;
    public const int EnumValueFeatureSupport = 4;
}
