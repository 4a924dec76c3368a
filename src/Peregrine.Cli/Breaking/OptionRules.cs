// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Breaking;

/// <summary>Rules that files keep their package, syntax and what code generators read, and messages and enums their formats.</summary>
internal static class OptionRules
{
    private static readonly FileOptions NoOptions = new();

    /// <summary>The rules.</summary>
    public static IReadOnlyList<BreakingRule> All { get; } =
    [
        OfFile("FILE_SAME_PACKAGE", BreakingRule.InFile, "package", file => file.Package),
        OfFile("FILE_SAME_SYNTAX", BreakingRule.InSource, "syntax", file => file.Edition.ToString()),
        Option("FILE_SAME_CSHARP_NAMESPACE", "csharp_namespace", options => options.CsharpNamespace),
        Option("FILE_SAME_GO_PACKAGE", "go_package", options => options.GoPackage),
        Option("FILE_SAME_JAVA_PACKAGE", "java_package", options => options.JavaPackage),
        Option("FILE_SAME_JAVA_OUTER_CLASSNAME", "java_outer_classname", options => options.JavaOuterClassname),
        Option("FILE_SAME_JAVA_MULTIPLE_FILES", "java_multiple_files", options => options.JavaMultipleFiles.ToString()),
        Option("FILE_SAME_OBJC_CLASS_PREFIX", "objc_class_prefix", options => options.ObjcClassPrefix),
        Option("FILE_SAME_PHP_CLASS_PREFIX", "php_class_prefix", options => options.PhpClassPrefix),
        Option("FILE_SAME_PHP_METADATA_NAMESPACE", "php_metadata_namespace", options => options.PhpMetadataNamespace),
        Option("FILE_SAME_PHP_NAMESPACE", "php_namespace", options => options.PhpNamespace),
        Option("FILE_SAME_RUBY_PACKAGE", "ruby_package", options => options.RubyPackage),
        Option("FILE_SAME_SWIFT_PREFIX", "swift_prefix", options => options.SwiftPrefix),
        Option("FILE_SAME_OPTIMIZE_FOR", "optimize_for", options => options.OptimizeFor.ToString()),
        Option("FILE_SAME_CC_ENABLE_ARENAS", "cc_enable_arenas", options => options.CcEnableArenas.ToString()),
        Option("FILE_SAME_CC_GENERIC_SERVICES", "cc_generic_services", options => options.CcGenericServices.ToString()),
        Option("FILE_SAME_JAVA_GENERIC_SERVICES", "java_generic_services", options => options.JavaGenericServices.ToString()),
        Option("FILE_SAME_PY_GENERIC_SERVICES", "py_generic_services", options => options.PyGenericServices.ToString()),
        BreakingRule.OfPairs("MESSAGE_SAME_MESSAGE_SET_WIRE_FORMAT", BreakingRule.InAll, "A message set stays one.", run => run.Messages,
            (before, after) => Changed($"Message \"{before.FullName}\"", "option \"message_set_wire_format\"", (before.GetOptions()?.MessageSetWireFormat ?? false).ToString(), (after.GetOptions()?.MessageSetWireFormat ?? false).ToString())),
        BreakingRule.OfPairs("MESSAGE_NO_REMOVE_STANDARD_DESCRIPTOR_ACCESSOR", BreakingRule.InSource, "Accessors of descriptors stay.", run => run.Messages,
            (before, after) => before.GetOptions()?.NoStandardDescriptorAccessor != true && after.GetOptions()?.NoStandardDescriptorAccessor == true
                ? $"Message option \"no_standard_descriptor_accessor\" on message \"{before.FullName}\" changed from \"false\" to \"true\"." : null),
        BreakingRule.OfPairs("MESSAGE_SAME_JSON_FORMAT", BreakingRule.InSourceAndJson, "What is sure to have JSON stays so.", run => run.Messages,
            (before, after) => LostJson($"Message \"{before.FullName}\"", before.Features, after.Features)),
        BreakingRule.OfPairs("ENUM_SAME_JSON_FORMAT", BreakingRule.InSourceAndJson, "What is sure to have JSON stays so.", run => run.Enums,
            (before, after) => LostJson($"Enum \"{before.FullName}\"", before.Features, after.Features)),
        BreakingRule.OfPairs("ENUM_SAME_TYPE", BreakingRule.InAll, "An enum stays open, or closed.", run => run.Enums,
            (before, after) => Changed($"Enum \"{before.FullName}\"", "type", before.IsClosed ? "closed" : "open", after.IsClosed ? "closed" : "open")),
    ];

    private static BreakingRule OfFile(string name, IReadOnlyList<string> categories, string what, Func<FileDescriptor, string> valueOf) =>
        BreakingRule.OfPairs(name, categories, $"A file keeps its {what}.", run => run.Files, (before, after) => Changed("File", what, valueOf(before), valueOf(after)));

    private static BreakingRule Option(string name, string option, Func<FileOptions, string> valueOf) =>
        OfFile(name, BreakingRule.InSource, $"option \"{option}\"", file => valueOf(file.GetOptions() ?? NoOptions));

    private static string? Changed(string owner, string what, string before, string after) => before == after ? null : $"{owner} changed {what} from \"{before}\" to \"{after}\".";

    private static string? LostJson(string owner, ResolvedFeatures before, ResolvedFeatures after) =>
        before.JsonFormat == FeatureSet.Types.JsonFormat.Allow && after.JsonFormat != FeatureSet.Types.JsonFormat.Allow
            ? $"{owner} changed JSON format support from \"ALLOW\" to \"LEGACY_BEST_EFFORT\"." : null;
}
