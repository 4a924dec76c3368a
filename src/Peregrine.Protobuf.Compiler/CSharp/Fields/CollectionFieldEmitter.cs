// SPDX-License-Identifier: Apache-2.0

using Peregrine.Protobuf.Compiler.CSharp.Model;

namespace Peregrine.Protobuf.Compiler.CSharp.Fields;

/// <summary>What repeated fields and maps share: a collection that is never null and cannot be replaced.</summary>
internal abstract class CollectionFieldEmitter(FieldModel field, CSharpGeneratorOptions options) : FieldEmitter(field, options)
{
    /// <summary>The type of the property.</summary>
    protected abstract string CollectionType { get; }

    public override void EmitMembers(CodeWriter writer)
    {
        EmitNumber(writer);
        writer.Line($"private readonly {CollectionType} {Backing} = [];");
        writer.Line();
        EmitPropertyHead(writer);
        writer.Line($"{Access} {CollectionType} {Property} => {Backing};");
    }

    public override void EmitCopy(CodeWriter writer) => writer.Line($"{Backing} = other.{Backing}.Clone();");

    public override string Equality => $"{Backing}.Equals(other.{Backing})";

    public override string Hashed => Backing;

    public override void EmitMerge(CodeWriter writer) => writer.Line($"{Backing}.MergeFrom(other.{Backing});");

    public override string? SetFromObject => null;

    public override string IsPresent => $"{Backing}.Count != 0";

    public override string ClearStatement => $"{Backing}.Clear();";
}
