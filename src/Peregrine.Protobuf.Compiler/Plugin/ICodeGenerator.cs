// SPDX-License-Identifier: Apache-2.0

namespace Peregrine.Protobuf.Compiler.Plugin;

/// <summary>What turns a schema into files: a built-in generator, or a plugin in its own process.</summary>
public interface ICodeGenerator
{
    /// <summary>Generates files. What is wrong with the schema or the parameter is told in <see cref="CodeGeneratorResponse.Error"/>.</summary>
    /// <param name="request">The schema and the parameter.</param>
    /// <exception cref="PluginException">The generator could not do its work at all.</exception>
    CodeGeneratorResponse Generate(CodeGeneratorRequest request);
}
