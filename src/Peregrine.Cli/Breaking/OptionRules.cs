// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using Peregrine.Cli.Rules;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Breaking;

/// <summary>Rules that files keep their package, syntax and what code generators read, and messages and enums their formats.</summary>
internal static class OptionRules
{
    private static readonly FileOptions NoOptions = new();

    /// <summary>The rules.</summary>
    public static IReadOnlyList<BreakingRule> All { get; } =
    [
        OfFile("FILE_SAME_PACKAGE", BreakingRule.InAll, "package", SourcePlaces.Package, file => file.Package),
        OfFile("FILE_SAME_SYNTAX", BreakingRule.InSourceAndCsr, "syntax", SourcePlaces.Syntax, SyntaxOf),
        Option("FILE_SAME_CSHARP_NAMESPACE", "csharp_namespace", FileOptions.CsharpNamespaceFieldNumber, options => options.CsharpNamespace),
        Option("FILE_SAME_GO_PACKAGE", "go_package", FileOptions.GoPackageFieldNumber, options => options.GoPackage),
        Option("FILE_SAME_JAVA_PACKAGE", "java_package", FileOptions.JavaPackageFieldNumber, options => options.JavaPackage),
        Option("FILE_SAME_JAVA_OUTER_CLASSNAME", "java_outer_classname", FileOptions.JavaOuterClassnameFieldNumber, options => options.JavaOuterClassname),
        Option("FILE_SAME_JAVA_MULTIPLE_FILES", "java_multiple_files", FileOptions.JavaMultipleFilesFieldNumber, options => options.JavaMultipleFiles.ToString()),
        Option("FILE_SAME_OBJC_CLASS_PREFIX", "objc_class_prefix", FileOptions.ObjcClassPrefixFieldNumber, options => options.ObjcClassPrefix),
        Option("FILE_SAME_PHP_CLASS_PREFIX", "php_class_prefix", FileOptions.PhpClassPrefixFieldNumber, options => options.PhpClassPrefix),
        Option("FILE_SAME_PHP_METADATA_NAMESPACE", "php_metadata_namespace", FileOptions.PhpMetadataNamespaceFieldNumber, options => options.PhpMetadataNamespace),
        Option("FILE_SAME_PHP_NAMESPACE", "php_namespace", FileOptions.PhpNamespaceFieldNumber, options => options.PhpNamespace),
        Option("FILE_SAME_RUBY_PACKAGE", "ruby_package", FileOptions.RubyPackageFieldNumber, options => options.RubyPackage),
        Option("FILE_SAME_SWIFT_PREFIX", "swift_prefix", FileOptions.SwiftPrefixFieldNumber, options => options.SwiftPrefix),
        Option("FILE_SAME_OPTIMIZE_FOR", "optimize_for", FileOptions.OptimizeForFieldNumber, options => options.OptimizeFor.ToString()),
        Option("FILE_SAME_CC_ENABLE_ARENAS", "cc_enable_arenas", FileOptions.CcEnableArenasFieldNumber, options => options.CcEnableArenas.ToString()),
        Option("FILE_SAME_CC_GENERIC_SERVICES", "cc_generic_services", FileOptions.CcGenericServicesFieldNumber, options => options.CcGenericServices.ToString()),
        Option("FILE_SAME_JAVA_GENERIC_SERVICES", "java_generic_services", FileOptions.JavaGenericServicesFieldNumber, options => options.JavaGenericServices.ToString()),
        Option("FILE_SAME_PY_GENERIC_SERVICES", "py_generic_services", FileOptions.PyGenericServicesFieldNumber, options => options.PyGenericServices.ToString()),
        BreakingRule.OfPairs("MESSAGE_SAME_MESSAGE_SET_WIRE_FORMAT", [], "A message set stays one.", run => run.Messages,
            (before, after) => Changed($"Message \"{before.FullName}\"", "option \"message_set_wire_format\"", (before.GetOptions()?.MessageSetWireFormat ?? false).ToString(), (after.GetOptions()?.MessageSetWireFormat ?? false).ToString()), ",7,1", ""),
        BreakingRule.OfPairs("MESSAGE_NO_REMOVE_STANDARD_DESCRIPTOR_ACCESSOR", BreakingRule.InSourceAndCsr, "Accessors of descriptors stay.", run => run.Messages,
            (before, after) => before.GetOptions()?.NoStandardDescriptorAccessor != true && after.GetOptions()?.NoStandardDescriptorAccessor == true
                ? $"Message option \"no_standard_descriptor_accessor\" on message \"{before.FullName}\" changed from \"false\" to \"true\"." : null, ",7,2"),
        BreakingRule.OfPairs("MESSAGE_SAME_JSON_FORMAT", BreakingRule.InSourceAndJson, "What is sure to have JSON stays so.", run => run.Messages,
            (before, after) => LostJson($"Message \"{before.FullName}\"", before.Features, after.Features), ",7,12,6", ""),
        BreakingRule.OfPairs("ENUM_SAME_JSON_FORMAT", BreakingRule.InSourceAndJson, "What is sure to have JSON stays so.", run => run.Enums,
            (before, after) => LostJson($"Enum \"{before.FullName}\"", before.Features, after.Features), ",3,7,6", ""),
        BreakingRule.OfPairs("ENUM_SAME_TYPE", BreakingRule.InSource, "An enum stays open, or closed.", run => run.Enums,
            (before, after) => Changed($"Enum \"{before.FullName}\"", "type", before.IsClosed ? "closed" : "open", after.IsClosed ? "closed" : "open"), ",3,7,2", ""),
    ];

    private static BreakingRule OfFile(string name, IReadOnlyList<string> categories, string what, string place, Func<FileDescriptor, string> valueOf) =>
        new(name, categories, $"A file keeps its {what}.", run =>
        {
            foreach (var (before, after) in run.Files)
            {
                if (Changed("File", what, valueOf(before), valueOf(after)) is { } message)
                {
                    run.Report(before, after, message, place);
                }
            }
        });

    private static BreakingRule Option(string name, string option, int number, Func<FileOptions, string> valueOf) =>
        OfFile(name, BreakingRule.InSource, $"option \"{option}\"", SourcePlaces.FileOption(number), file => valueOf(file.GetOptions() ?? NoOptions));

    private static string SyntaxOf(FileDescriptor file) => file.Edition switch
    {
        Edition.Proto3 => "proto3",
        >= Edition._2023 => "editions",
        _ => "proto2",
    };

    private static string? Changed(string owner, string what, string before, string after) => before == after ? null : $"{owner} changed {what} from \"{before}\" to \"{after}\".";

    private static string? LostJson(string owner, ResolvedFeatures before, ResolvedFeatures after) =>
        before.JsonFormat == FeatureSet.Types.JsonFormat.Allow && after.JsonFormat != FeatureSet.Types.JsonFormat.Allow
            ? $"{owner} changed JSON format support from \"ALLOW\" to \"LEGACY_BEST_EFFORT\"." : null;
}
