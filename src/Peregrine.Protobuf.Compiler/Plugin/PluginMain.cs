// SPDX-License-Identifier: Apache-2.0
using System;
using System.IO;
using Peregrine.Protobuf.Compiler.CSharp;
using Peregrine.Protobuf.Compiler.Sources;

namespace Peregrine.Protobuf.Compiler.Plugin;

/// <summary>The body of <c>protoc-gen-peregrine</c>: C# for protoc, buf and whatever else speaks the plugin protocol.</summary>
public static class PluginMain
{
    /// <summary>Reads a request, generates, and writes the response.</summary>
    /// <param name="input">The request, to its end.</param>
    /// <param name="output">Where the response goes.</param>
    /// <param name="errors">Where is told what is wrong with the request itself.</param>
    /// <returns>The exit code: 0 if there is a response, and be it one with an error; 1 if there was no request.</returns>
    public static int Run(Stream input, Stream output, TextWriter errors)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(errors);
        CodeGeneratorRequest request;
        try
        {
            request = CodeGeneratorRequest.Parse(InputBytes.Read(input, InputBytes.MaxMessages));
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or IOException)
        {
            errors.WriteLine("protoc-gen-peregrine: What stands on standard input is no CodeGeneratorRequest: " + e.Message);
            return 1;
        }

        if (request.FilesToGenerate.Count == 0)
        {
            errors.WriteLine("protoc-gen-peregrine: This is a plugin for protoc, buf or peregrine compile: it expects a request with files to "
                + "generate on standard input.");
            return 1;
        }

        new CSharpCodeGenerator(new CSharpGeneratorOptions()).Generate(request).WriteTo(output);
        output.Flush();
        return 0;
    }
}
