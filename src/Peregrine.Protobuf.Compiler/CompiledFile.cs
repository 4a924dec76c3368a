// SPDX-License-Identifier: Apache-2.0
using System;
using System.Threading;
using Peregrine.Protobuf.Compiler.Emit;
using Peregrine.Protobuf.Compiler.Symbols;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf.Compiler;

/// <summary>
/// The descriptor of one file, in the forms that <see cref="CompilationOptions.Forms"/> names, else in any, made when it is first asked
/// for. Safe for use by several threads.
/// </summary>
public sealed class CompiledFile
{
    private readonly bool _retainSourceOptions;
    private readonly Lock _lock = new();
    private FileSymbol? _file;
    private byte[]? _serialized;
    private byte[]? _bare;
    private FileDescriptorProto? _descriptor;

    internal CompiledFile(FileSymbol file, bool retainSourceOptions)
    {
        _file = file;
        _retainSourceOptions = retainSourceOptions;
        Path = file.Name;
        DiskPath = file.DiskPath;
        IsBuiltIn = file.IsBuiltIn;
    }

    /// <summary>The import path.</summary>
    public string Path { get; }

    /// <summary>The path on disk, or null for a file that is held in memory or built in.</summary>
    public string? DiskPath { get; }

    /// <summary>Whether the file came with the compiler.</summary>
    public bool IsBuiltIn { get; }

    /// <summary>The serialized <c>FileDescriptorProto</c>, with source info.</summary>
    /// <exception cref="InvalidOperationException">The compilation was asked for other forms.</exception>
    public ReadOnlyMemory<byte> Serialized => Get(ref _serialized, withSourceInfo: true);

    /// <summary>The serialized <c>FileDescriptorProto</c>, without source info: what generated code embeds.</summary>
    /// <exception cref="InvalidOperationException">The compilation was asked for other forms.</exception>
    public ReadOnlyMemory<byte> SerializedWithoutSourceInfo => Get(ref _bare, withSourceInfo: false);

    /// <summary>The descriptor, with source info; custom options are unknown fields of its options. Do not change it.</summary>
    /// <exception cref="InvalidOperationException">The compilation was asked for other forms.</exception>
    public FileDescriptorProto Descriptor
    {
        get
        {
            byte[] serialized = Get(ref _serialized, withSourceInfo: true);
            lock (_lock)
            {
                return _descriptor ??= FileDescriptorProto.Parser.ParseFrom(serialized);
            }
        }
    }

    /// <summary>Makes some forms, and drops what others would be made from.</summary>
    internal void Complete(DescriptorForms forms)
    {
        if (forms.HasFlag(DescriptorForms.WithSourceInfo))
        {
            Get(ref _serialized, withSourceInfo: true);
        }

        if (forms.HasFlag(DescriptorForms.WithoutSourceInfo))
        {
            Get(ref _bare, withSourceInfo: false);
        }

        _file?.ReleaseTree();
        _file = null;
    }

    private byte[] Get(ref byte[]? form, bool withSourceInfo)
    {
        lock (_lock)
        {
            if (form is null)
            {
                FileSymbol file = _file ?? throw new InvalidOperationException(
                    $"This form of the descriptor of \"{Path}\" was not asked for: name it in {nameof(CompilationOptions)}.{nameof(CompilationOptions.Forms)}.");
                form = DescriptorEmitter.Emit(file, withSourceInfo, _retainSourceOptions);
            }

            return form;
        }
    }
}
