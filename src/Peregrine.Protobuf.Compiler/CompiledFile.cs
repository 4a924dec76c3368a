// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Numerics;
using System.Threading;
using Peregrine.Protobuf.Compiler.Emit;
using Peregrine.Protobuf.Compiler.Symbols;
using Peregrine.Protobuf.Compiler.Syntax;
using Peregrine.Protobuf.Compiler.Syntax.Nodes;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf.Compiler;

/// <summary>
/// The descriptor of one file, in the forms that <see cref="CompilationOptions.Forms"/> names, else in any, made when it is first asked
/// for. Safe for use by several threads.
/// </summary>
public sealed class CompiledFile
{
    // As many as DescriptorForms has flags.
    private const int FormCount = 4;

    private readonly Lock _lock = new();
    private readonly byte[]?[] _forms = new byte[]?[FormCount];
    private FileSymbol? _file;
    private FileDescriptorProto? _descriptor;

    internal CompiledFile(FileSymbol file)
    {
        _file = file;
        Path = file.Name;
        DiskPath = file.DiskPath;
        IsBuiltIn = file.IsBuiltIn;
        IsComplete = !file.Diagnostics.HasErrors;
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
    }

    /// <summary>The import path.</summary>
    public string Path { get; }

    /// <summary>The path on disk, or null for a file that is held in memory or built in.</summary>
    public string? DiskPath { get; }

    /// <summary>Whether the file came with the compiler.</summary>
    public bool IsBuiltIn { get; }

    /// <summary>Whether the file has no errors. One that has is only in <see cref="CompilationResult.Incomplete"/>.</summary>
    public bool IsComplete { get; }

    /// <summary>The import paths of the files that it imports, in the order of the text.</summary>
    public IReadOnlyList<string> Imports { get; }

    /// <summary>The import paths of the files that it imports for its options only (<c>import option</c>), in the order of the text.</summary>
    public IReadOnlyList<string> OptionImports { get; }

    /// <summary>The number of the edition (<c>google.protobuf.Edition</c>).</summary>
    internal int Edition { get; }

    /// <summary>Whether a field is <c>optional</c> as proto3 has it.</summary>
    internal bool HasProto3Optional { get; }

    /// <summary>
    /// The serialized <c>FileDescriptorProto</c>, with source info: what a descriptor set holds and a plugin generates code from. Options
    /// are merged and in the order of their numbers; those with <c>retention = RETENTION_SOURCE</c> are left out, and their places.
    /// </summary>
    /// <exception cref="InvalidOperationException">The compilation was asked for other forms.</exception>
    public ReadOnlyMemory<byte> Serialized => Get(DescriptorForms.WithSourceInfo);

    /// <summary>The serialized <c>FileDescriptorProto</c>, without source info: what generated code embeds.</summary>
    /// <exception cref="InvalidOperationException">The compilation was asked for other forms.</exception>
    public ReadOnlyMemory<byte> SerializedWithoutSourceInfo => Get(DescriptorForms.WithoutSourceInfo);

    /// <summary>
    /// The serialized <c>FileDescriptorProto</c>, with source info and every option that is written, as protoc writes it with
    /// <c>--retain_options</c>: custom options one statement after the other, not merged.
    /// </summary>
    /// <exception cref="InvalidOperationException">The compilation was asked for other forms.</exception>
    public ReadOnlyMemory<byte> Retained => Get(DescriptorForms.RetainedWithSourceInfo);

    /// <summary>As <see cref="Retained"/>, without source info.</summary>
    /// <exception cref="InvalidOperationException">The compilation was asked for other forms.</exception>
    public ReadOnlyMemory<byte> RetainedWithoutSourceInfo => Get(DescriptorForms.RetainedWithoutSourceInfo);

    /// <summary>The descriptor, with source info; custom options are unknown fields of its options. Do not change it.</summary>
    /// <exception cref="InvalidOperationException">The compilation was asked for other forms.</exception>
    public FileDescriptorProto Descriptor
    {
        get
        {
            byte[] serialized = Get(DescriptorForms.WithSourceInfo);
            lock (_lock)
            {
                return _descriptor ??= FileDescriptorProto.Parser.ParseFrom(serialized);
            }
        }
    }

    /// <summary>The serialized <c>FileDescriptorProto</c> in one form.</summary>
    /// <param name="form">One of the forms.</param>
    /// <exception cref="ArgumentOutOfRangeException">This is not one form.</exception>
    /// <exception cref="InvalidOperationException">The compilation was asked for other forms.</exception>
    public ReadOnlyMemory<byte> Serialize(DescriptorForms form)
    {
        if (!Enum.IsDefined(form) || form == DescriptorForms.None)
        {
            throw new ArgumentOutOfRangeException(nameof(form), form, "Name one form.");
        }

        return Get(form);
    }

    /// <summary>Makes some forms, and drops what others would be made from.</summary>
    internal void Complete(DescriptorForms forms)
    {
        for (int i = 0; i < FormCount; i++)
        {
            DescriptorForms form = (DescriptorForms)(1 << i);
            if (forms.HasFlag(form))
            {
                Get(form);
            }
        }

        lock (_lock)
        {
            _file?.ReleaseTree();
            _file = null;
        }
    }

    private byte[] Get(DescriptorForms form)
    {
        lock (_lock)
        {
            ref byte[]? made = ref _forms[BitOperations.Log2((uint)form)];
            if (made is null)
            {
                FileSymbol file = _file ?? throw new InvalidOperationException(
                    $"This form of the descriptor of \"{Path}\" was not asked for: name it in {nameof(CompilationOptions)}.{nameof(CompilationOptions.Forms)}.");
                made = DescriptorEmitter.Emit(
                    file,
                    withSourceInfo: form is DescriptorForms.WithSourceInfo or DescriptorForms.RetainedWithSourceInfo,
                    retainSourceOptions: form is DescriptorForms.RetainedWithSourceInfo or DescriptorForms.RetainedWithoutSourceInfo);
            }

            return made;
        }
    }

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
