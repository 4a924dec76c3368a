// SPDX-License-Identifier: Apache-2.0
using System;
using Peregrine.Protobuf.Compiler.Emit;
using Peregrine.Protobuf.Compiler.Symbols;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf.Compiler;

/// <summary>The descriptor of one file. Descriptors are made when they are first asked for; safe for use by several threads.</summary>
public sealed class CompiledFile
{
    private readonly Lazy<byte[]> _serialized;
    private readonly Lazy<byte[]> _bare;
    private readonly Lazy<FileDescriptorProto> _descriptor;

    internal CompiledFile(FileSymbol file, bool retainSourceOptions)
    {
        Path = file.Name;
        DiskPath = file.Source.DiskPath;
        IsBuiltIn = file.Source.IsBuiltIn;
        _serialized = new(() => DescriptorEmitter.Emit(file, SourceInfoEmitter.Emit(file, retainSourceOptions), retainSourceOptions));
        _bare = new(() => DescriptorEmitter.Emit(file, sourceInfo: null, retainSourceOptions));
        _descriptor = new(() => FileDescriptorProto.Parser.ParseFrom(_serialized.Value));
    }

    /// <summary>The import path.</summary>
    public string Path { get; }

    /// <summary>The path on disk, or null for a file that is held in memory or built in.</summary>
    public string? DiskPath { get; }

    /// <summary>Whether the file came with the compiler.</summary>
    public bool IsBuiltIn { get; }

    /// <summary>The serialized <c>FileDescriptorProto</c>, with source info.</summary>
    public ReadOnlyMemory<byte> Serialized => _serialized.Value;

    /// <summary>The serialized <c>FileDescriptorProto</c>, without source info: what generated code embeds.</summary>
    public ReadOnlyMemory<byte> SerializedWithoutSourceInfo => _bare.Value;

    /// <summary>The descriptor, with source info; custom options are unknown fields of its options. Do not change it.</summary>
    public FileDescriptorProto Descriptor => _descriptor.Value;
}
