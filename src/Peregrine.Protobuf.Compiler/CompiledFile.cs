// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using Peregrine.Protobuf.Compiler.Emit;
using Peregrine.Protobuf.Compiler.Symbols;
using Peregrine.Protobuf.Compiler.Syntax;
using Peregrine.Protobuf.Compiler.Syntax.Nodes;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf.Compiler;

/// <summary>
/// The descriptor of one file, in the forms that <see cref="CompilationOptions.Forms"/> names, each made when it is first asked for. Safe
/// for use by several threads.
/// </summary>
public sealed class CompiledFile
{
    private readonly Lazy<byte[]> _serialized;
    private readonly Lazy<byte[]> _bare;
    private readonly Lazy<byte[]> _retained;
    private readonly Lazy<byte[]> _retainedBare;
    private readonly Lazy<FileDescriptorProto> _descriptor;

    internal CompiledFile(FileSymbol file, DescriptorForms? forms)
    {
        Path = file.Name;
        DiskPath = file.Source.DiskPath;
        IsBuiltIn = file.Source.IsBuiltIn;
        List<string> imports = [];
        List<string> optionImports = [];
        foreach (ImportSymbol import in file.Imports)
        {
            (import.Syntax.Kind == ImportKind.Option ? optionImports : imports).Add(import.Syntax.Path);
        }

        Edition = (int)file.Edition;
        HasProto3Optional = file.Edition == SourceEdition.Proto3 && HasOptional(file);
        Imports = imports;
        OptionImports = optionImports;
        _serialized = Form(DescriptorForms.WithSourceInfo, withSourceInfo: true, retainSourceOptions: false);
        _bare = Form(DescriptorForms.WithoutSourceInfo, withSourceInfo: false, retainSourceOptions: false);
        _retained = Form(DescriptorForms.RetainedWithSourceInfo, withSourceInfo: true, retainSourceOptions: true);
        _retainedBare = Form(DescriptorForms.RetainedWithoutSourceInfo, withSourceInfo: false, retainSourceOptions: true);
        _descriptor = new(() => FileDescriptorProto.Parser.ParseFrom(_serialized.Value));

        Lazy<byte[]> Form(DescriptorForms form, bool withSourceInfo, bool retainSourceOptions) => new(() =>
            forms?.HasFlag(form) == false
                ? throw new InvalidOperationException(
                    $"This form of the descriptor of \"{file.Name}\" was not asked for: name it in {nameof(CompilationOptions)}.{nameof(CompilationOptions.Forms)}.")
                : DescriptorEmitter.Emit(file, withSourceInfo ? SourceInfoEmitter.Emit(file, retainSourceOptions) : null, retainSourceOptions));
    }

    /// <summary>The import path.</summary>
    public string Path { get; }

    /// <summary>The path on disk, or null for a file that is held in memory or built in.</summary>
    public string? DiskPath { get; }

    /// <summary>Whether the file came with the compiler.</summary>
    public bool IsBuiltIn { get; }

    /// <summary>The number of the edition (<c>google.protobuf.Edition</c>).</summary>
    internal int Edition { get; }

    /// <summary>Whether a field is <c>optional</c> as proto3 has it.</summary>
    internal bool HasProto3Optional { get; }

    /// <summary>The import paths of the files that it imports, in the order of the text.</summary>
    public IReadOnlyList<string> Imports { get; }

    /// <summary>The import paths of the files that it imports for its options only (<c>import option</c>), in the order of the text.</summary>
    public IReadOnlyList<string> OptionImports { get; }

    /// <summary>
    /// The serialized <c>FileDescriptorProto</c>, with source info: what a descriptor set holds and a plugin generates code from. Options
    /// are merged and in the order of their numbers; those with <c>retention = RETENTION_SOURCE</c> are left out, and their places.
    /// </summary>
    /// <exception cref="InvalidOperationException">The compilation was asked for other forms.</exception>
    public ReadOnlyMemory<byte> Serialized => _serialized.Value;

    /// <summary>The serialized <c>FileDescriptorProto</c>, without source info: what generated code embeds.</summary>
    /// <exception cref="InvalidOperationException">The compilation was asked for other forms.</exception>
    public ReadOnlyMemory<byte> SerializedWithoutSourceInfo => _bare.Value;

    /// <summary>
    /// The serialized <c>FileDescriptorProto</c>, with source info and every option that is written, as protoc writes it with
    /// <c>--retain_options</c>: custom options one statement after the other, not merged.
    /// </summary>
    /// <exception cref="InvalidOperationException">The compilation was asked for other forms.</exception>
    public ReadOnlyMemory<byte> Retained => _retained.Value;

    /// <summary>As <see cref="Retained"/>, without source info.</summary>
    /// <exception cref="InvalidOperationException">The compilation was asked for other forms.</exception>
    public ReadOnlyMemory<byte> RetainedWithoutSourceInfo => _retainedBare.Value;

    /// <summary>The descriptor, with source info; custom options are unknown fields of its options. Do not change it.</summary>
    /// <exception cref="InvalidOperationException">The compilation was asked for other forms.</exception>
    public FileDescriptorProto Descriptor => _descriptor.Value;

    /// <summary>The serialized <c>FileDescriptorProto</c> in one form.</summary>
    /// <param name="form">One of the forms.</param>
    /// <exception cref="ArgumentOutOfRangeException">This is not one form.</exception>
    /// <exception cref="InvalidOperationException">The compilation was asked for other forms.</exception>
    public ReadOnlyMemory<byte> Serialize(DescriptorForms form) => form switch
    {
        DescriptorForms.WithSourceInfo => Serialized,
        DescriptorForms.WithoutSourceInfo => SerializedWithoutSourceInfo,
        DescriptorForms.RetainedWithSourceInfo => Retained,
        DescriptorForms.RetainedWithoutSourceInfo => RetainedWithoutSourceInfo,
        _ => throw new ArgumentOutOfRangeException(nameof(form), form, "Name one form."),
    };

    private static bool HasOptional(FileSymbol file)
    {
        foreach (MessageSymbol message in file.AllMessages())
        {
            if (message.Fields.Exists(static field => field.IsProto3Optional))
            {
                return true;
            }
        }

        return false;
    }
}
