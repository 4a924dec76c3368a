// SPDX-License-Identifier: Apache-2.0
using System;
using Peregrine.Protobuf.Compiler.Syntax;

namespace Peregrine.Protobuf.Compiler.Plugin;

/// <summary>Checks that a generator understands the files that it was given: one that does not know a feature would generate wrong code.</summary>
public static class FeatureSupport
{
    /// <summary>Checks the answer of a generator.</summary>
    /// <param name="generator">The name of the generator, for the message.</param>
    /// <param name="response">The answer.</param>
    /// <param name="result">What was compiled.</param>
    /// <returns>What the generator does not support, and in which file; null if it supports all of the files to generate.</returns>
    public static string? FindMissing(string generator, CodeGeneratorResponse response, CompilationResult result)
    {
        ArgumentNullException.ThrowIfNull(response);
        ArgumentNullException.ThrowIfNull(result);
        foreach (CompiledFile file in result.Roots)
        {
            if (file.HasProto3Optional && (response.SupportedFeatures & CodeGeneratorResponse.FeatureProto3Optional) == 0)
            {
                return $"{file.Path}: is a proto3 file that contains optional fields, but code generator {generator} hasn't been updated to "
                    + "support optional fields in proto3. Please ask the owner of this code generator to support proto3 optional.";
            }
        }

        foreach (CompiledFile file in result.Roots)
        {
            // Files that come with protobuf move to editions before generators do.
            if (file.Edition >= (int)SourceEdition.Edition2023 && !file.Path.StartsWith("google/protobuf/", StringComparison.Ordinal)
                && FindMissingEdition(generator, response, file) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }

    private static string? FindMissingEdition(string generator, CodeGeneratorResponse response, CompiledFile file)
    {
        if ((response.SupportedFeatures & CodeGeneratorResponse.FeatureSupportsEditions) == 0)
        {
            return $"{file.Path}: is an editions file, but code generator {generator} hasn't been updated to support editions yet. Please ask "
                + "the owner of this code generator to add support or switch back to proto2/proto3.";
        }

        string uses = $"{file.Path}: is a file using edition {Name(file.Edition)}, which isn't supported by code generator {generator}. ";
        return file.Edition < response.MinimumEdition
            ? uses + $"Please upgrade your file to at least edition {Name(response.MinimumEdition)}."
            : file.Edition > response.MaximumEdition
                ? uses + $"Please ask the owner of this code generator to add support or switch back to a maximum of edition {Name(response.MaximumEdition)}."
                : null;
    }

    private static string Name(int edition) => SourceEditions.Value((SourceEdition)edition);
}
