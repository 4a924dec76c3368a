// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Linq;
using Peregrine.Cli.Rules;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Linting;

/// <summary>Rules of the values of enums.</summary>
internal static class EnumRules
{
    // Parts of an enum's value and of an enum, as source paths.
    private const string Number = ",2";
    private const string AllowAlias = ",3,2";

    /// <summary>The rules.</summary>
    public static IReadOnlyList<LintRule> All { get; } =
    [
        LintRule.OfEach("ENUM_FIRST_VALUE_ZERO", LintRule.InBasic, "The first value of an enum is 0, which is what absent fields have.", file => file.AllEnums().Select(each => each.Values[0]), Number,
            (_, first) => first.Number != 0 ? $"First enum value \"{first.Name}\" of \"{first.EnumDescriptor.Name}\" should have the number 0." : null),
        LintRule.OfEach("ENUM_NO_ALLOW_ALIAS", LintRule.InBasic, "No two values of an enum have one number: JSON knows one name only.", DescriptorWalk.AllEnums, AllowAlias,
            (_, each) => each.GetOptions()?.AllowAlias == true ? $"Enum option \"allow_alias\" on enum \"{each.Name}\" must be false." : null),
        LintRule.OfEach("ENUM_VALUE_PREFIX", LintRule.InStandard, "Values begin with the name of their enum: their scope is the one around it.", Values, SourcePlaces.Name,
            (_, value) => NameStyle.UpperSnake(value.EnumDescriptor.Name) + "_" is var prefix && !value.Name.StartsWith(prefix, StringComparison.Ordinal)
                ? $"Enum value name \"{value.Name}\" should be prefixed with \"{prefix}\"." : null),
        LintRule.OfEach("ENUM_ZERO_VALUE_SUFFIX", LintRule.InStandard, "The value 0 means that nothing was said.", Values, SourcePlaces.Name,
            (run, value) => value.Number == 0 && run.Settings.Text("enum_zero_value_suffix", "_UNSPECIFIED") is var suffix && !value.Name.EndsWith(suffix, StringComparison.Ordinal)
                ? $"Enum zero value name \"{value.Name}\" should be suffixed with \"{suffix}\"." : null),
    ];

    private static IEnumerable<EnumValueDescriptor> Values(FileDescriptor file) => file.AllEnums().SelectMany(each => each.Values);
}
