// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Linq;
using Peregrine.Protobuf.Compiler.CSharp.Fields;
using Peregrine.Protobuf.Compiler.CSharp.Model;

namespace Peregrine.Protobuf.Compiler.CSharp;

/// <summary>Writes a message class: its members in the order in which a reader asks for them, each made of its fields' parts.</summary>
internal sealed class MessageEmitter(MessageModel message, CSharpGeneratorOptions options)
{
    private const string IMessage = Clr.Protobuf + ".IMessage";
    private const string MessageSet = Clr.Protobuf + ".MessageSetFormat";

    private readonly string _class = CSharpNames.Escape(message.ClassName);
    private readonly string _type = message.QualifiedName;
    private readonly string _null = options.NullMark;
    private readonly List<FieldEmitter> _declared = [.. message.Fields.Select(field => FieldEmitter.For(field, options))];
    private readonly List<FieldEmitter> _byNumber =
        [.. message.Fields.Select(field => FieldEmitter.For(field, options)).OrderBy(emitter => emitter.Field.Number)];

    private ILookup<OneofModel, OneofFieldEmitter>? _members;

    private bool HasRequiredMembers => options.RequiredMembers && message.MayHaveRequiredMembers;

    private int HasBitsFields => (message.Fields.Count(candidate => candidate.PresenceBit >= 0) + 31) / 32;

    /// <summary>Writes the class with the accessibility given.</summary>
    public void Emit(CodeWriter writer, string access)
    {
        DocComments.Summary(writer, message.Comment, $"The message <c>{message.FullName}</c>.");
        TypeAttributes.EmitForMessage(writer, options, message.IsDeprecated);
        var interfaces = $"{Clr.Protobuf}.IGeneratedMessage<{_type}>"
            + (message.IsExtendable ? $", {Clr.Protobuf}.IExtendableMessage<{_type}>" : "");
        using var body = writer.Block($"{access} sealed partial class {_class} : {interfaces}");
        EmitState(writer);
        EmitConstruction(writer);
        foreach (var field in _declared)
        {
            writer.Line();
            field.EmitMembers(writer);
        }

        foreach (var oneof in message.Oneofs)
        {
            writer.Line();
            EmitOneof(writer, oneof);
        }

        EmitEquality(writer);
        EmitWire(writer);
        EmitMerge(writer);
        FieldAccessEmitter.Emit(writer, _byNumber, options);
        if (message.IsExtendable)
        {
            EmitExtendable(writer);
        }

        EmitNested(writer);
    }

    private void EmitState(CodeWriter writer)
    {
        // A constructor that claims to set the required members is only for the empty messages that code is going to fill.
        var create = HasRequiredMembers ? $"new {_type}(isTemplate: true)" : $"new {_type}()";
        writer.Line($"private static readonly {Clr.Protobuf}.MessageParser<{_type}> s_parser = new(static () => {create});");
        writer.Line($"private {Clr.Protobuf}.UnknownFieldSet{_null} _unknownFields;");
        if (message.IsExtendable)
        {
            writer.Line($"private {Clr.Protobuf}.ExtensionSet<{_type}>{_null} _extensions;");
        }

        writer.Line("private int _cachedSize;");
        for (var i = 0; i < HasBitsFields; i++)
        {
            writer.Line($"private uint _hasBits{i};");
        }

        writer.Line();
        writer.Line("/// <summary>Parses messages of this type.</summary>");
        writer.Line($"public static {Clr.Protobuf}.MessageParser<{_type}> Parser => s_parser;");
        writer.Line();
        var descriptor = message.Parent is { } parent
            ? $"{parent.QualifiedName}.Descriptor.NestedTypes[{message.Index}]"
            : $"{message.File.Qualify(message.File.ReflectionClass)}.Descriptor.MessageTypes[{message.Index}]";
        writer.Line("/// <summary>Describes this type.</summary>");
        writer.Line($"public static {Clr.Reflection}.MessageDescriptor Descriptor => {descriptor};");
        writer.Line();
        writer.Line($"{Clr.Reflection}.MessageDescriptor {IMessage}.Descriptor => Descriptor;");
    }

    private void EmitConstruction(CodeWriter writer)
    {
        writer.Line();
        writer.Line("/// <summary>Makes an empty message.</summary>");
        using (writer.Block($"public {_class}()"))
        {
            writer.Line("OnConstruction();");
        }

        writer.Line();
        if (HasRequiredMembers)
        {
            writer.Line(Clr.SetsRequiredMembers);
            using (writer.Block($"private {_class}(bool isTemplate) : this()"))
            {
                writer.Line("_ = isTemplate;");
            }

            writer.Line();
        }

        writer.Line("/// <summary>Makes a deep copy of another message.</summary>");
        writer.Line("/// <param name=\"other\">The message to copy.</param>");
        if (HasRequiredMembers)
        {
            writer.Line(Clr.SetsRequiredMembers);
        }

        using (writer.Block($"public {_class}({_type} other) : this()"))
        {
            writer.Line($"{Clr.ThrowIfNull}(other);");
            EmitNestingCheck(writer);
            for (var i = 0; i < HasBitsFields; i++)
            {
                writer.Line($"_hasBits{i} = other._hasBits{i};");
            }

            foreach (var field in _declared.Where(field => field.Field.Oneof is null))
            {
                field.EmitCopy(writer);
            }

            foreach (var oneof in message.Oneofs)
            {
                EmitSwitch(writer, "other." + oneof.CaseBackingName, Members(oneof), (member, _) => member.EmitCopy(writer));
            }

            writer.Line($"_unknownFields = {Clr.Protobuf}.UnknownFieldSet.Clone(other._unknownFields);");
            if (message.IsExtendable)
            {
                writer.Line($"_extensions = {Clr.Protobuf}.ExtensionSet.Clone(other._extensions);");
            }
        }

        writer.Line();
        writer.Line("/// <inheritdoc/>");
        writer.Line($"public {_type} Clone() => new {_type}(this);");
        writer.Line();
        writer.Line("/// <summary>Runs at the end of every constructor, if another part of the class implements it.</summary>");
        writer.Line("partial void OnConstruction();");
    }

    private void EmitOneof(CodeWriter writer, OneofModel oneof)
    {
        var hasObject = OneofFieldEmitter.HasObjectField(oneof);
        if (hasObject)
        {
            writer.Line($"private object{_null} {oneof.BackingName};");
        }

        writer.Line($"private {oneof.CaseEnum} {oneof.CaseBackingName};");
        writer.Line();
        writer.Line($"/// <summary>The members of the oneof <c>{oneof.Name}</c>.</summary>");
        using (writer.Block($"public enum {oneof.CaseEnum}"))
        {
            writer.Line("/// <summary>No member is set.</summary>");
            writer.Line("None = 0,");
            foreach (var member in oneof.Fields)
            {
                writer.Line();
                writer.Line($"/// <summary>The field <c>{member.Name}</c>.</summary>");
                writer.Line($"{member.CaseName} = {member.Number},");
            }
        }

        writer.Line();
        DocComments.Summary(writer, oneof.Comment, $"Which member of the oneof <c>{oneof.Name}</c> is set.");
        writer.Line($"public {oneof.CaseEnum} {oneof.CaseProperty} => {oneof.CaseBackingName};");
        writer.Line();
        writer.Line($"/// <summary>Clears the oneof <c>{oneof.Name}</c>.</summary>");
        using (writer.Block($"public void {oneof.ClearMethod}()"))
        {
            writer.Line($"{oneof.CaseBackingName} = {oneof.CaseEnum}.None;");
            if (hasObject)
            {
                writer.Line($"{oneof.BackingName} = null;");
            }
        }
    }

    private void EmitEquality(CodeWriter writer)
    {
        writer.Line();
        writer.Line("/// <inheritdoc/>");
        writer.Line($"public override bool Equals(object{_null} obj) => Equals(obj as {_type});");
        writer.Line();
        writer.Line("/// <inheritdoc/>");
        using (writer.Block($"public bool Equals({_type}{_null} other)"))
        {
            EmitReturnIf(writer, "other is null", "false");
            EmitReturnIf(writer, "(object)this == other", "true");
            EmitNestingCheck(writer);
            var conditions = Enumerable.Range(0, HasBitsFields).Select(i => $"_hasBits{i} == other._hasBits{i}")
                .Concat(_declared.Select(field => field.Equality))
                .Concat(message.Oneofs.SelectMany(oneof => (string[])
                [
                    $"{oneof.CaseBackingName} == other.{oneof.CaseBackingName}",
                    OneofFieldEmitter.HasObjectField(oneof) ? $"Equals({oneof.BackingName}, other.{oneof.BackingName})" : "",
                ]))
                .Append(message.IsExtendable ? Clr.Protobuf + ".ExtensionSet.AreEqual(_extensions, other._extensions)" : "")
                .Append("Equals(_unknownFields, other._unknownFields)")
                .Where(condition => condition.Length != 0).ToList();
            EmitConjunction(writer, "return ", conditions);
        }

        writer.Line();
        writer.Line("/// <inheritdoc/>");
        using (writer.Block("public override int GetHashCode()"))
        {
            EmitNestingCheck(writer);
            writer.Line($"{Clr.System}.HashCode hash = default;");
            foreach (var value in _declared.Select(field => field.Hashed)
                .Concat(message.Oneofs.SelectMany(oneof => (string[])
                [
                    $"(int){oneof.CaseBackingName}", OneofFieldEmitter.HasObjectField(oneof) ? oneof.BackingName : "",
                ]))
                .Append(message.IsExtendable ? "_extensions" : "").Append("_unknownFields")
                .Where(value => value.Length != 0))
            {
                writer.Line($"hash.Add({value});");
            }

            writer.Line("return hash.ToHashCode();");
        }

        writer.Line();
        writer.Line("/// <summary>The message as JSON, for people to read.</summary>");
        writer.Line("/// <returns>One line of JSON.</returns>");
        writer.Line($"public override string ToString() => {Clr.Protobuf}.JsonFormatter.ToDiagnosticString(this);");
    }

    private void EmitWire(CodeWriter writer)
    {
        writer.Line();
        writer.Line("/// <inheritdoc/>");
        using (writer.Block("public int CalculateSize()"))
        {
            EmitNestingCheck(writer);
            writer.Line("long size = 0;");
            EmitInWireOrder(writer, field => field.EmitSize(writer));
            if (message.IsMessageSet)
            {
                writer.Line($"size += {MessageSet}.Size(_extensions, _unknownFields);");
            }
            else
            {
                if (message.IsExtendable)
                {
                    EmitIfNotNull(writer, "_extensions", "size += _extensions.CalculateSize();");
                }

                EmitIfNotNull(writer, "_unknownFields", "size += _unknownFields.CalculateSize();");
            }

            writer.Line($"return _cachedSize = {Clr.Wire}.WireSize.Total(size);");
        }

        writer.Line();
        writer.Line($"int {IMessage}.CachedSize => _cachedSize;");
        writer.Line();
        using (writer.Block($"void {IMessage}.WriteTo(ref {Clr.Wire}.WireWriter writer)"))
        {
            EmitInWireOrder(writer, field => field.EmitWrite(writer));
            if (message.IsMessageSet)
            {
                writer.Line($"{MessageSet}.Write(_extensions, _unknownFields, ref writer);");
            }
            else
            {
                if (message.IsExtendable)
                {
                    writer.Line("_extensions?.WriteTo(ref writer);");
                }

                writer.Line("_unknownFields?.WriteTo(ref writer);");
            }
        }

        writer.Line();
        using (writer.Block($"void {IMessage}.MergeFrom(ref {Clr.Wire}.WireReader reader)"))
        {
            writer.Line("uint tag;");
            using var loop = writer.Block("while ((tag = reader.ReadTag()) != 0)");
            using var tags = writer.Block("switch (tag)");
            foreach (var field in _byNumber)
            {
                field.EmitRead(writer);
            }

            writer.Line("default:");
            using var otherwise = writer.Indent();
            using (writer.Block(message.IsExtendable
                ? $"if (!{(message.IsMessageSet ? MessageSet : Clr.Protobuf + ".ExtensionSet")}.TryMergeField(ref _extensions, ref _unknownFields, ref reader, tag))"
                : $"if (!{Clr.Protobuf}.UnknownFieldSet.TryMergeField(ref _unknownFields, ref reader, tag))"))
            {
                writer.Line("return; // an end-group tag: whoever reads the group checks it");
            }

            writer.Line();
            writer.Line("break;");
        }
    }

    private void EmitMerge(CodeWriter writer)
    {
        writer.Line();
        writer.Line("/// <inheritdoc/>");
        using (writer.Block($"public void MergeFrom({_type}{_null} other)"))
        {
            using (writer.Block("if (other is null)"))
            {
                writer.Line("return;");
            }

            writer.Line();
            EmitNestingCheck(writer);
            foreach (var field in _byNumber.Where(field => field.Field.Oneof is null))
            {
                field.EmitMerge(writer);
            }

            foreach (var oneof in message.Oneofs)
            {
                EmitSwitch(writer, "other." + oneof.CaseBackingName, Members(oneof), (member, _) => member.EmitMerge(writer));
            }

            if (message.IsExtendable)
            {
                writer.Line($"{Clr.Protobuf}.ExtensionSet.MergeFrom(ref _extensions, other._extensions);");
            }

            writer.Line($"{Clr.Protobuf}.UnknownFieldSet.MergeFrom(ref _unknownFields, other._unknownFields);");
        }

        var conditions = _byNumber.Select(field => field.Initialized).OfType<string>()
            .Concat(message.IsExtendable ? ["(_extensions is null || _extensions.IsInitialized())"] : []).ToList();
        if (conditions.Count > 0)
        {
            writer.Line();
            using var body = writer.Block($"bool {IMessage}.IsInitialized()");
            EmitNestingCheck(writer);
            EmitConjunction(writer, "return ", conditions);
        }

        writer.Line();
        using (writer.Block($"{Clr.Protobuf}.UnknownFieldSet{_null} {IMessage}.UnknownFields"))
        {
            writer.Line("get => _unknownFields;");
            writer.Line("set => _unknownFields = value;");
        }
    }

    private void EmitExtendable(CodeWriter writer)
    {
        const string Set = Clr.Protobuf + ".ExtensionSet";
        var singular = $"{Clr.Protobuf}.Extension<{_type}, TValue> extension";
        var repeated = $"{Clr.Protobuf}.RepeatedExtension<{_type}, TValue> extension";
        const string List = Clr.Collections + ".RepeatedField<TValue>";
        foreach (var (signature, body) in (ReadOnlySpan<(string, string)>)
        [
            ($"TValue{_null} GetExtension<TValue>({singular})", "Get(ref _extensions, extension)"),
            ($"{List}{_null} GetExtension<TValue>({repeated})", "Get(ref _extensions, extension)"),
            ($"{List} GetOrInitializeExtension<TValue>({repeated})", "GetOrInitialize(ref _extensions, extension)"),
            ($"void SetExtension<TValue>({singular}, TValue value)", "Set(ref _extensions, extension, value)"),
            ($"bool HasExtension<TValue>({singular})", "Has(_extensions, extension)"),
            ($"void ClearExtension<TValue>({singular})", "Clear(ref _extensions, extension)"),
            ($"void ClearExtension<TValue>({repeated})", "Clear(ref _extensions, extension)"),
        ])
        {
            writer.Line();
            writer.Line("/// <inheritdoc/>");
            writer.Line($"public {signature} => {Set}.{body};");
        }

        writer.Line();
        writer.Line($"{Clr.Protobuf}.IExtensionSet{_null} {Clr.Protobuf}.IExtendable.Extensions => _extensions;");
        writer.Line();
        writer.Line($"{Clr.Protobuf}.IExtensionSet {Clr.Protobuf}.IExtendable.GetOrCreateExtensions() => "
            + $"_extensions ??= new {Set}<{_type}>();");
    }

    private void EmitNested(CodeWriter writer)
    {
        if (message.HasContainer)
        {
            writer.Line();
            writer.Line("/// <summary>The types that are nested in the message.</summary>");
            TypeAttributes.Emit(writer, options);
            using var container = writer.Block($"public static partial class {message.ContainerName}");
            var first = true;
            foreach (var model in message.Enums)
            {
                Separate();
                EnumEmitter.Emit(writer, model, Access(model.ClassName), options);
            }

            foreach (var nested in message.Messages.Where(nested => !nested.IsMapEntry))
            {
                Separate();
                new MessageEmitter(nested, options).Emit(writer, Access(nested.ClassName));
            }

            void Separate()
            {
                if (!first)
                {
                    writer.Line();
                }

                first = false;
            }
        }

        if (message.Extensions.Count > 0)
        {
            writer.Line();
            ExtensionEmitter.Emit(writer, message.Extensions, message.ExtensionsClass, $"<c>{message.FullName}</c>", "public", options);
        }
    }

    private static string Access(string nestedType) => MemberNames.OfObjectForTypes.Contains(nestedType) ? "public new" : "public";

    // Fields go out in the order of their numbers; neighbours that are members of one oneof share a switch.
    private void EmitInWireOrder(CodeWriter writer, Action<FieldEmitter> emit)
    {
        for (var i = 0; i < _byNumber.Count;)
        {
            if (_byNumber[i] is not OneofFieldEmitter first)
            {
                emit(_byNumber[i++]);
                continue;
            }

            var run = _byNumber.Skip(i).TakeWhile(field => field.Field.Oneof == first.Oneof).Cast<OneofFieldEmitter>().ToList();
            if (run.Count == 1)
            {
                using (writer.Block($"if ({first.IsPresent})"))
                {
                    emit(first);
                }
            }
            else
            {
                EmitSwitch(writer, first.Oneof.CaseBackingName, run, (member, _) => emit(member));
            }

            i += run.Count;
        }
    }

    private IEnumerable<OneofFieldEmitter> Members(OneofModel oneof) =>
        (_members ??= _byNumber.OfType<OneofFieldEmitter>().ToLookup(field => field.Oneof))[oneof];

    private void EmitNestingCheck(CodeWriter writer)
    {
        if (message.IsRecursive)
        {
            writer.Line(Recursion.Check);
        }
    }

    private static void EmitSwitch(
        CodeWriter writer, string subject, IEnumerable<OneofFieldEmitter> members, Action<OneofFieldEmitter, string> emit)
    {
        using var block = writer.Block($"switch ({subject})");
        foreach (var member in members)
        {
            writer.Line($"case {member.Case}:");
            using var indent = writer.Indent();
            emit(member, member.Case);
            writer.Line("break;");
        }
    }

    private static void EmitReturnIf(CodeWriter writer, string condition, string value)
    {
        using (writer.Block($"if ({condition})"))
        {
            writer.Line($"return {value};");
        }

        writer.Line();
    }

    private static void EmitIfNotNull(CodeWriter writer, string value, string statement)
    {
        using (writer.Block($"if ({value} is not null)"))
        {
            writer.Line(statement);
        }

        writer.Line();
    }

    private static void EmitConjunction(CodeWriter writer, string before, List<string> conditions)
    {
        for (var i = 0; i < conditions.Count; i++)
        {
            var line = (i == 0 ? before : "&& ") + conditions[i] + (i == conditions.Count - 1 ? ";" : "");
            if (i == 0)
            {
                writer.Line(line);
            }
            else
            {
                using (writer.Indent())
                {
                    writer.Line(line);
                }
            }
        }
    }
}
