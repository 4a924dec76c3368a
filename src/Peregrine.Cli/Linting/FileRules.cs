// SPDX-License-Identifier: Apache-2.0

using System.Collections.Generic;
using System.Linq;
using Peregrine.Cli.Rules;

namespace Peregrine.Cli.Linting;

/// <summary>Rules of what a file says at its beginning: syntax and imports; and of required fields.</summary>
internal static class FileRules
{
    /// <summary>The rules.</summary>
    public static IReadOnlyList<LintRule> All { get; } =
    [
        LintRule.OfFile("SYNTAX_SPECIFIED", LintRule.InBasic, "A file says its syntax or edition.", (run, file) =>
        {
            if (file.SyntaxDeclaration is null)
            {
                run.Report(file, "Files must have a syntax explicitly specified. If no syntax is specified, the file defaults to \"proto2\".");
            }
        }),
        LintRule.OfFile("IMPORT_NO_PUBLIC", LintRule.InBasic, "No import is public: who needs a file imports it.", (run, file) =>
        {
            foreach (var import in file.PublicDependencies)
            {
                run.Report(file, $"Import \"{import.Name}\" must not be public.");
            }
        }),
        LintRule.OfFile("IMPORT_NO_WEAK", LintRule.InBasic, "No import is weak: that was never for users.", (run, file) =>
        {
            var proto = file.ToProto();
            foreach (var index in proto.WeakDependency)
            {
                run.Report(file, $"Import \"{proto.Dependency[index]}\" must not be weak.");
            }
        }),
        LintRule.OfFile("IMPORT_USED", LintRule.InBasic, "Something of each import is used.", (run, file) =>
        {
            foreach (var import in run.UnusedImportsOf(file))
            {
                run.Report(file, $"Import \"{import}\" is unused.");
            }
        }),
        LintRule.OfEach("FIELD_NOT_REQUIRED", LintRule.InBasic, "No field is required: it could never be left out again.",
            file => file.AllFields().Concat(file.AllExtensions()),
            (_, field) => field.IsRequired ? $"Field \"{field.Name}\" must not be required." : null),
    ];
}
