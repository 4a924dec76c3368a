// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Peregrine.Cli.Rules;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Linting;

/// <summary>Rules of how names are written.</summary>
internal static class NameRules
{
    /// <summary>The rules.</summary>
    public static IReadOnlyList<LintRule> All { get; } =
    [
        Rule("MESSAGE_PASCAL_CASE", "Message", "PascalCase", DescriptorWalk.AllMessages, NameStyle.Pascal),
        Rule("ENUM_PASCAL_CASE", "Enum", "PascalCase", DescriptorWalk.AllEnums, NameStyle.Pascal),
        Rule("SERVICE_PASCAL_CASE", "Service", "PascalCase", file => file.Services, NameStyle.Pascal),
        Rule("RPC_PASCAL_CASE", "RPC", "PascalCase", DescriptorWalk.AllMethods, NameStyle.Pascal),
        Rule("FIELD_LOWER_SNAKE_CASE", "Field", "lower_snake_case", DescriptorWalk.AllFields, NameStyle.LowerSnake),
        LintRule.OfEach("FIELD_NO_DESCRIPTOR", [], "No field is called descriptor; a rule of version v1beta1.", DescriptorWalk.AllFields, SourcePlaces.Name, (_, field) =>
            field.Name.Trim('_').Equals("descriptor", StringComparison.OrdinalIgnoreCase) ? $"Field name \"{field.Name}\" cannot be any capitalization of \"descriptor\", with underscores around it or not." : null),
        Rule("ONEOF_LOWER_SNAKE_CASE", "Oneof", "lower_snake_case", DescriptorWalk.AllOneofs, NameStyle.LowerSnake),
        Rule("ENUM_VALUE_UPPER_SNAKE_CASE", "Enum value", "UPPER_SNAKE_CASE", file => file.AllEnums().SelectMany(each => each.Values), NameStyle.UpperSnake),
        LintRule.OfFile("PACKAGE_LOWER_SNAKE_CASE", LintRule.InBasic, "Packages are lower_snake.case.", (run, file) =>
        {
            if (NameStyle.LowerSnakeParts(file.Package) is var expected && expected != file.Package)
            {
                run.Report(file, SourcePlaces.Package, $"Package name \"{file.Package}\" should be lower_snake.case, such as \"{expected}\".");
            }
        }),
        LintRule.OfFile("FILE_LOWER_SNAKE_CASE", LintRule.InStandard, "File names are lower_snake_case.proto.", (run, file) =>
        {
            var name = Path.GetFileNameWithoutExtension(file.Name);
            if (NameStyle.LowerSnake(name) is var expected && expected != name)
            {
                run.Report(file, null, $"Filename \"{name}.proto\" should be lower_snake_case.proto, such as \"{expected}.proto\".");
            }
        }),
    ];

    private static LintRule Rule<T>(string name, string kind, string style, Func<FileDescriptor, IEnumerable<T>> elements, Func<string, string> expected)
        where T : DescriptorBase => LintRule.OfEach(
            name, LintRule.InBasic, $"{kind} names are {style}.", elements, SourcePlaces.Name,
            (_, element) => expected(element.Name) is var right && right != element.Name ? $"{kind} name \"{element.Name}\" should be {style}, such as \"{right}\"." : null);
}
