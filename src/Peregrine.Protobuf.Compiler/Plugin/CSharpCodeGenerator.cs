// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Text;
using Peregrine.Protobuf.Compiler.CSharp;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf.Compiler.Plugin;

/// <summary>The C# generator behind the seam of plugins; its parameter is the text of <see cref="CSharpGeneratorOptions"/>.</summary>
/// <param name="defaults">The options that the parameter changes.</param>
public sealed class CSharpCodeGenerator(CSharpGeneratorOptions defaults) : ICodeGenerator
{
    /// <inheritdoc/>
    public CodeGeneratorResponse Generate(CodeGeneratorRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!defaults.TryParse(request.Parameter, out CSharpGeneratorOptions? options, out string? error))
        {
            return Answer(error!);
        }

        List<ResponseFile> files = [];
        try
        {
            request.Validate();
            foreach (GeneratedFile file in CSharpGenerator.Generate(request.Descriptors, request.FilesToGenerate, options))
            {
                files.Add(new ResponseFile(file.Name, "", Encoding.UTF8.GetBytes(file.Text)));
            }
        }
        catch (Exception e) when (e is ArgumentException or DescriptorValidationException or InvalidProtocolBufferException)
        {
            // The message says which file, and what to do.
            return Answer(e.Message);
        }

        return Answer("", files);
    }

    private static CodeGeneratorResponse Answer(string error, IReadOnlyList<ResponseFile>? files = null) => new()
    {
        Error = error,
        SupportedFeatures = CodeGeneratorResponse.FeatureProto3Optional | CodeGeneratorResponse.FeatureSupportsEditions,
        MinimumEdition = (int)Edition.Proto2,
        MaximumEdition = (int)Edition._2024,
        Files = files ?? [],
    };
}
