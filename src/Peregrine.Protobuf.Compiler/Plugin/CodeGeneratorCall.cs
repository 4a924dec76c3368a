// SPDX-License-Identifier: Apache-2.0
using System;
using Peregrine.Protobuf.Compiler.Output;

namespace Peregrine.Protobuf.Compiler.Plugin;

/// <summary>What every caller of a generator does: ask it, see whether it understands the files, take what it made.</summary>
public static class CodeGeneratorCall
{
    /// <summary>Runs a generator over what was compiled.</summary>
    /// <param name="generator">The generator.</param>
    /// <param name="name">Its name, such as <c>protoc-gen-go</c>, for messages.</param>
    /// <param name="request">What it is asked.</param>
    /// <param name="result">What the request was made from.</param>
    /// <param name="tree">Receives the files; some of them may be there when something is wrong.</param>
    /// <returns>What is wrong, as the user is told; null if nothing is.</returns>
    public static string? Run(ICodeGenerator generator, string name, CodeGeneratorRequest request, CompilationResult result, OutputTree tree)
    {
        ArgumentNullException.ThrowIfNull(generator);
        ArgumentNullException.ThrowIfNull(tree);
        try
        {
            CodeGeneratorResponse response = generator.Generate(request);
            if (response.Error.Length != 0)
            {
                return response.Error;
            }

            if (FeatureSupport.FindMissing(name, response, result) is { } missing)
            {
                return missing;
            }

            response.AddTo(tree);
            return null;
        }
        catch (Exception e) when (e is PluginException or ArgumentException)
        {
            return e.Message;
        }
    }
}
