// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Linq;
using Peregrine.Cli.Rules;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Linting;

/// <summary>Rules of what a file says at its beginning: syntax and imports; and of required fields.</summary>
internal static class FileRules
{
    /// <summary>The rules.</summary>
    public static IReadOnlyList<LintRule> All { get; } =
    [
        LintRule.OfFile("SYNTAX_SPECIFIED", LintRule.InBasic, "A file says its syntax or edition.", (run, file) =>
        {
            // A descriptor without positions does not tell whether proto2 was written.
            if (file.SyntaxDeclaration is null && run.ProtoOf(file) is { Syntax: "", SourceCodeInfo: not null })
            {
                run.Report(file, null, "Files must have a syntax explicitly specified. If no syntax is specified, the file defaults to \"proto2\".");
            }
        }),
        OfImports("IMPORT_NO_PUBLIC", LintRule.InBasic, "No import is public: who needs a file imports it.", (_, file, index) =>
            file.PublicDependency.Contains(index) ? $"Import \"{file.Dependency[index]}\" must not be public." : null),
        OfImports("IMPORT_NO_WEAK", [], "No import is weak: that was never for users.", (_, file, index) =>
            file.WeakDependency.Contains(index) ? $"Import \"{file.Dependency[index]}\" must not be weak." : null),
        OfImports("IMPORT_USED", LintRule.InBasic, "Something of each import is used.", (run, file, index) =>
            run.UnusedImportsOf(file.Name).Contains(file.Dependency[index]) || IsIdleDescriptorImport(run, file, index) ? $"Import \"{file.Dependency[index]}\" is unused." : null),
        LintRule.OfEach("FIELD_NOT_REQUIRED", LintRule.InBasic, "No field is required: it could never be left out again.", DescriptorWalk.AllFields, SourcePlaces.Name,
            (_, field) => field.IsRequired ? $"Field \"{field.Name}\" must not be required." : null),
    ];

    // The compiler takes descriptor.proto as used where any option is; only extensions and fields need its import.
    private static bool IsIdleDescriptorImport(LintRun run, FileDescriptorProto proto, int index)
    {
        const string Name = "google/protobuf/descriptor.proto";
        if (proto.Dependency[index] != Name || proto.PublicDependency.Contains(index))
        {
            return false;
        }

        var file = run.Files.First(each => each.Name == proto.Name);
        return file.AllExtensions().All(extension => extension.ExtendeeType.File.Name != Name)
            && file.MessagesAndEntries().SelectMany(message => message.Fields.InDeclarationOrder()).Concat(file.AllExtensions()).All(field => FileOfType(field) != Name)
            && file.AllMethods().All(method => method.InputType.File.Name != Name && method.OutputType.File.Name != Name);
    }

    private static string? FileOfType(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Message or FieldType.Group => field.MessageType.File.Name,
        FieldType.Enum => field.EnumType.File.Name,
        _ => null,
    };

    private static LintRule OfImports(string name, IReadOnlyList<string> categories, string purpose, Func<LintRun, FileDescriptorProto, int, string?> check) =>
        LintRule.OfFile(name, categories, purpose, (run, file) =>
        {
            var proto = run.ProtoOf(file);
            for (var i = 0; i < proto.Dependency.Count; i++)
            {
                if (check(run, proto, i) is { } message)
                {
                    run.Report(file, SourcePlaces.Import(i), message);
                }
            }
        });
}
