// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.IO;
using Peregrine.Protobuf.Compiler.Emit;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf.Compiler.Plugin;

/// <summary>
/// What a generator is asked: <c>google.protobuf.compiler.CodeGeneratorRequest</c> (plugin.proto). Descriptors stay the bytes that they
/// are, so that a plugin gets what protoc would send, byte for byte. Not safe for use by several threads.
/// </summary>
public sealed class CodeGeneratorRequest
{
    private const uint FileToGenerateTag = (1 << 3) | 2;
    private const uint ParameterTag = (2 << 3) | 2;
    private const uint ProtoFileTag = (15 << 3) | 2;
    private const uint SourceFileTag = (17 << 3) | 2;

    // The protoc whose behaviour this compiler has, as protoc 35.1 says it: plugins decide by it what they can rely on.
    private const int MajorVersion = 7;
    private const int MinorVersion = 35;
    private const int PatchVersion = 1;

    private readonly CompilationResult? _result;
    private IReadOnlyList<ReadOnlyMemory<byte>>? _protoFiles;
    private IReadOnlyList<ReadOnlyMemory<byte>>? _sourceFiles;
    private IReadOnlyList<FileDescriptorProto>? _descriptors;

    private CodeGeneratorRequest(IReadOnlyList<string> filesToGenerate, string parameter, IReadOnlyList<ReadOnlyMemory<byte>>? protoFiles,
        IReadOnlyList<ReadOnlyMemory<byte>>? sourceFiles, CompilationResult? result)
    {
        FilesToGenerate = filesToGenerate;
        Parameter = parameter;
        _protoFiles = protoFiles;
        _sourceFiles = sourceFiles;
        _result = result;
    }

    /// <summary>The import paths of the files to generate.</summary>
    public IReadOnlyList<string> FilesToGenerate { get; }

    /// <summary>The parameter; empty if there is none.</summary>
    public string Parameter { get; }

    /// <summary>The serialized descriptors of the files and of everything that they import, imports first.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> ProtoFiles
    {
        get
        {
            MakeFiles();
            return _protoFiles!;
        }
    }

    /// <summary>The serialized descriptors of the files to generate, with options of source retention.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> SourceFiles
    {
        get
        {
            MakeFiles();
            return _sourceFiles!;
        }
    }

    /// <summary>The files of <see cref="ProtoFiles"/> as objects. Do not change them.</summary>
    /// <exception cref="InvalidProtocolBufferException">A file is no descriptor.</exception>
    public IReadOnlyList<FileDescriptorProto> Descriptors => _descriptors ??= ReadDescriptors();

    /// <summary>Makes the request for the files that were compiled.</summary>
    /// <param name="result">What was compiled, without errors.</param>
    /// <param name="parameter">The parameter.</param>
    public static CodeGeneratorRequest Create(CompilationResult result, string parameter)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(parameter);
        List<string> files = new(result.Roots.Count);
        foreach (CompiledFile root in result.Roots)
        {
            files.Add(root.Path);
        }

        return new CodeGeneratorRequest(files, parameter, null, null, result);
    }

    /// <summary>The same request with another parameter.</summary>
    /// <param name="parameter">The parameter.</param>
    public CodeGeneratorRequest WithParameter(string parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        return new CodeGeneratorRequest(FilesToGenerate, parameter, _protoFiles, _sourceFiles, _result) { _descriptors = _descriptors };
    }

    /// <summary>Reads a serialized request.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <exception cref="InvalidProtocolBufferException">The bytes are no request.</exception>
    public static CodeGeneratorRequest Parse(byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        List<string> files = [];
        string parameter = "";
        List<ReadOnlyMemory<byte>> protoFiles = [];
        List<ReadOnlyMemory<byte>> sourceFiles = [];
        using CodedInputStream input = new(bytes);
        for (uint tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
        {
            switch (tag)
            {
                case FileToGenerateTag:
                    files.Add(input.ReadString());
                    break;
                case ParameterTag:
                    parameter = input.ReadString();
                    break;
                case ProtoFileTag:
                    protoFiles.Add(input.ReadBytes().Memory);
                    break;
                case SourceFileTag:
                    sourceFiles.Add(input.ReadBytes().Memory);
                    break;
                default:
                    input.SkipLastField();
                    break;
            }
        }

        return new CodeGeneratorRequest(files, parameter, protoFiles, sourceFiles, null);
    }

    /// <summary>
    /// Checks the descriptors of a request that somebody else has made, as protoc does before it sends any: that their imports and types are
    /// there, and that they break no rule of the language. What was compiled here has been checked.
    /// </summary>
    /// <exception cref="DescriptorValidationException">A file breaks a rule.</exception>
    /// <exception cref="InvalidProtocolBufferException">A file is no descriptor.</exception>
    internal void Validate()
    {
        if (_result is null)
        {
            new DescriptorPool().AddAll(Descriptors);
        }
    }

    /// <summary>Writes the serialized request.</summary>
    /// <param name="output">Where to write.</param>
    public void WriteTo(Stream output)
    {
        ArgumentNullException.ThrowIfNull(output);
        WireBuffer head = new();
        foreach (string file in FilesToGenerate)
        {
            head.String(1, file);
        }

        if (Parameter.Length > 0)
        {
            head.String(2, Parameter);
        }

        int version = head.Open(3);
        head.Int32(1, MajorVersion);
        head.Int32(2, MinorVersion);
        head.Int32(3, PatchVersion);
        head.String(4, "");
        head.Close(version);
        output.Write(head.ToArray());
        WriteAll(output, ProtoFileTag, ProtoFiles);
        WriteAll(output, SourceFileTag, SourceFiles);
    }

    private static void WriteAll(Stream output, uint tag, IReadOnlyList<ReadOnlyMemory<byte>> files)
    {
        foreach (ReadOnlyMemory<byte> file in files)
        {
            WireBuffer head = new();
            head.Varint(tag);
            head.Varint((ulong)file.Length);
            output.Write(head.ToArray());
            output.Write(file.Span);
        }
    }

    // Of the files to generate the plugin gets both forms; of the others only the one that has everything.
    private void MakeFiles()
    {
        if (_protoFiles is not null)
        {
            return;
        }

        HashSet<string> generated = new(FilesToGenerate, StringComparer.Ordinal);
        List<ReadOnlyMemory<byte>> protoFiles = [];
        List<ReadOnlyMemory<byte>> sourceFiles = [];
        foreach (CompiledFile file in DescriptorSet.Order(_result!, includeImports: true))
        {
            if (generated.Contains(file.Path))
            {
                protoFiles.Add(file.Serialized);
                sourceFiles.Add(file.Retained);
            }
            else
            {
                protoFiles.Add(file.Retained);
            }
        }

        _protoFiles = protoFiles;
        _sourceFiles = sourceFiles;
    }

    private List<FileDescriptorProto> ReadDescriptors()
    {
        List<FileDescriptorProto> descriptors = [];
        if (_result is not null)
        {
            foreach (CompiledFile file in _result.Files)
            {
                descriptors.Add(file.Descriptor);
            }
        }
        else
        {
            foreach (ReadOnlyMemory<byte> file in _protoFiles!)
            {
                descriptors.Add(FileDescriptorProto.Parser.ParseFrom(file.ToArray()));
            }
        }

        return descriptors;
    }
}
