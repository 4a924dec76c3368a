// SPDX-License-Identifier: Apache-2.0

using Peregrine.Protobuf.Compiler.CSharp.Model;

namespace Peregrine.Protobuf.Compiler.CSharp.Fields;

/// <summary>
/// What repeated fields and maps share: a collection that is never null for whoever asks and cannot be replaced. It is made on first use:
/// most collections of most messages stay empty, and then cost nothing but the reference.
/// </summary>
internal abstract class CollectionFieldEmitter(FieldModel field, CSharpGeneratorOptions options) : FieldEmitter(field, options)
{
    /// <summary>The type of the property.</summary>
    protected abstract string CollectionType { get; }

    /// <summary>The collection, made if there is none yet; for code that changes the message.</summary>
    protected string Made => $"({Backing} ??= new())";

    public override void EmitMembers(CodeWriter writer)
    {
        EmitNumber(writer);
        writer.Line($"private {CollectionType}{Options.NullMark} {Backing};");
        writer.Line();
        EmitPropertyHead(writer);
        // Not ??=: two threads that read the same message must get the same collection.
        writer.Line($"{Access} {CollectionType} {Property} => {Backing} ?? {CollectionType}.GetOrCreate(ref {Backing});");
    }

    public override void EmitCopy(CodeWriter writer) => writer.Line($"{Backing} = other.{Backing}?.Clone();");

    public override string Equality => $"{CollectionType}.AreEqual({Backing}, other.{Backing})";

    // An empty collection and none are equal.
    public override string Hashed => $"{Backing}?.Count > 0 ? {Backing} : null";

    public override void EmitMerge(CodeWriter writer) =>
        EmitIf(writer, $"other.{Backing} is not null", $"{Made}.MergeFrom(other.{Backing});");

    public override string? SetFromObject => null;

    public override string IsPresent => $"{Backing}?.Count > 0";

    public override string ClearStatement => $"{Backing}?.Clear();";

    /// <summary>The check of required fields, where elements have some.</summary>
    protected string CheckInitialized => $"({Backing} is null || {Backing}.IsInitialized())";
}
