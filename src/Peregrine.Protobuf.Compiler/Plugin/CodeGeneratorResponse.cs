// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.IO;
using Peregrine.Protobuf.Compiler.Emit;
using Peregrine.Protobuf.Compiler.Output;

namespace Peregrine.Protobuf.Compiler.Plugin;

/// <summary>
/// What a generator answers: <c>google.protobuf.compiler.CodeGeneratorResponse</c> (plugin.proto). Information about generated code is not
/// kept.
/// </summary>
public sealed class CodeGeneratorResponse
{
    /// <summary>The bit of <see cref="SupportedFeatures"/> for proto3 <c>optional</c>.</summary>
    public const ulong FeatureProto3Optional = 1;

    /// <summary>The bit of <see cref="SupportedFeatures"/> for editions.</summary>
    public const ulong FeatureSupportsEditions = 2;

    private const uint ErrorTag = (1 << 3) | 2;
    private const uint SupportedFeaturesTag = 2 << 3;
    private const uint MinimumEditionTag = 3 << 3;
    private const uint MaximumEditionTag = 4 << 3;
    private const uint FileTag = (15 << 3) | 2;
    private const uint NameTag = (1 << 3) | 2;
    private const uint InsertionPointTag = (2 << 3) | 2;
    private const uint ContentTag = (15 << 3) | 2;

    /// <summary>What is wrong with the schema or the parameter; empty if nothing is.</summary>
    public string Error { get; init; } = "";

    /// <summary>The features that the generator supports, as bits.</summary>
    public ulong SupportedFeatures { get; init; }

    /// <summary>The number of the lowest edition that it supports, if it supports editions.</summary>
    public int MinimumEdition { get; init; }

    /// <summary>The number of the highest edition that it supports, if it supports editions.</summary>
    public int MaximumEdition { get; init; }

    /// <summary>The files, in the order of the response.</summary>
    public IReadOnlyList<ResponseFile> Files { get; init; } = [];

    /// <summary>Reads a serialized response.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <exception cref="InvalidProtocolBufferException">The bytes are no response.</exception>
    public static CodeGeneratorResponse Parse(byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        string error = "";
        ulong features = 0;
        int minimum = 0;
        int maximum = 0;
        List<ResponseFile> files = [];
        using CodedInputStream input = new(bytes);
        for (uint tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
        {
            switch (tag)
            {
                case ErrorTag:
                    error = input.ReadString();
                    break;
                case SupportedFeaturesTag:
                    features = input.ReadUInt64();
                    break;
                case MinimumEditionTag:
                    minimum = input.ReadInt32();
                    break;
                case MaximumEditionTag:
                    maximum = input.ReadInt32();
                    break;
                case FileTag:
                    files.Add(ParseFile(input.ReadBytes().ToByteArray()));
                    break;
                default:
                    input.SkipLastField();
                    break;
            }
        }

        return new CodeGeneratorResponse
        {
            Error = error,
            SupportedFeatures = features,
            MinimumEdition = minimum,
            MaximumEdition = maximum,
            Files = files,
        };
    }

    /// <summary>Writes the serialized response.</summary>
    /// <param name="output">Where to write.</param>
    public void WriteTo(Stream output)
    {
        ArgumentNullException.ThrowIfNull(output);
        WireBuffer buffer = new();
        if (Error.Length > 0)
        {
            buffer.String(1, Error);
        }

        buffer.Tag(2, 0);
        buffer.Varint(SupportedFeatures);
        if (MaximumEdition != 0)
        {
            buffer.Int32(3, MinimumEdition);
            buffer.Int32(4, MaximumEdition);
        }

        foreach (ResponseFile file in Files)
        {
            int mark = buffer.Open(15);
            if (file.Name.Length > 0)
            {
                buffer.String(1, file.Name);
            }

            if (file.InsertionPoint.Length > 0)
            {
                buffer.String(2, file.InsertionPoint);
            }

            buffer.Bytes(15, file.Content.Span);
            buffer.Close(mark);
        }

        output.Write(buffer.ToArray());
    }

    /// <summary>Puts the files into the tree of an output.</summary>
    /// <param name="tree">The tree.</param>
    /// <exception cref="ArgumentException">A name is not allowed or taken, or an insertion point is missing.</exception>
    public void AddTo(OutputTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        for (int i = 0; i < Files.Count;)
        {
            ResponseFile first = Files[i++];
            if (first is { Name: "", InsertionPoint: "" })
            {
                throw new ArgumentException("The first file of the response has no name.");
            }

            List<byte> content = [.. first.Content.Span];
            for (; i < Files.Count && Files[i] is { Name: "", InsertionPoint: "" } next; i++)
            {
                content.AddRange(next.Content.Span);
            }

            if (first.InsertionPoint.Length == 0)
            {
                tree.Add(first.Name, [.. content]);
            }
            else
            {
                tree.Insert(first.Name, first.InsertionPoint, [.. content]);
            }
        }
    }

    private static ResponseFile ParseFile(byte[] bytes)
    {
        string name = "";
        string insertionPoint = "";
        ReadOnlyMemory<byte> content = default;
        using CodedInputStream input = new(bytes);
        for (uint tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
        {
            switch (tag)
            {
                case NameTag:
                    name = input.ReadString();
                    break;
                case InsertionPointTag:
                    insertionPoint = input.ReadString();
                    break;
                case ContentTag:
                    content = input.ReadBytes().Memory;
                    break;
                default:
                    input.SkipLastField();
                    break;
            }
        }

        return new ResponseFile(name, insertionPoint, content);
    }
}
