// SPDX-License-Identifier: Apache-2.0

using Peregrine.Protobuf.Compiler.CSharp.Model;

namespace Peregrine.Protobuf.Compiler.CSharp.Fields;

/// <summary>Writes what one field adds to each member of its message class. There is one subclass per kind of field.</summary>
internal abstract class FieldEmitter(FieldModel field, CSharpGeneratorOptions options)
{
    /// <summary>The field.</summary>
    public FieldModel Field { get; } = field;

    /// <summary>How its values look.</summary>
    protected ValueKind Kind { get; } = new(field, options);

    /// <summary>The options.</summary>
    protected CSharpGeneratorOptions Options { get; } = options;

    /// <summary>The property, as an expression.</summary>
    protected string Property => Field.PropertyName;

    /// <summary>The private field.</summary>
    protected string Backing => Field.BackingName;

    /// <summary>The constant, the private field, the property, presence.</summary>
    public abstract void EmitMembers(CodeWriter writer);

    /// <summary>The statements of the copy constructor.</summary>
    public abstract void EmitCopy(CodeWriter writer);

    /// <summary>The condition under which this field of two messages is equal.</summary>
    public abstract string Equality { get; }

    /// <summary>What the field adds to the hash code.</summary>
    public abstract string Hashed { get; }

    /// <summary>The statements that add to <c>size</c>.</summary>
    public abstract void EmitSize(CodeWriter writer);

    /// <summary>The statements that write to <c>writer</c>.</summary>
    public abstract void EmitWrite(CodeWriter writer);

    /// <summary>The cases of the switch over tags.</summary>
    public abstract void EmitRead(CodeWriter writer);

    /// <summary>The statements that merge from <c>other</c>.</summary>
    public abstract void EmitMerge(CodeWriter writer);

    /// <summary>The condition under which nothing required is missing; null when it always holds.</summary>
    public abstract string? Initialized { get; }

    /// <summary>The statement that sets the field from <c>object? value</c>; null when it cannot be set.</summary>
    public abstract string? SetFromObject { get; }

    /// <summary>The value for whoever asks by number: the default when the field is not set.</summary>
    public virtual string Value => Property;

    /// <summary>Whether it is a singular number, bool or enum, which bits can hold.</summary>
    public bool IsScalar => !Field.IsRepeated && !Field.IsMessage && !Kind.IsReference;

    /// <summary>The bits of <see cref="Value"/>, of a scalar.</summary>
    public string ValueAsBits => Kind.ToBits(Value);

    /// <summary>The statement that sets a scalar from <c>ulong bits</c>.</summary>
    public string SetFromBits => $"{Property} = {Kind.FromBits("bits")};";

    /// <summary>Whether the field is present.</summary>
    public abstract string IsPresent { get; }

    /// <summary>The statement that clears the field.</summary>
    public abstract string ClearStatement { get; }

    /// <summary>The emitter for a field of a message.</summary>
    public static FieldEmitter For(FieldModel field, CSharpGeneratorOptions options) => field switch
    {
        { IsMap: true } => new MapFieldEmitter(field, options),
        { IsRepeated: true, IsMessage: true, IsWrapper: false } => new RepeatedMessageFieldEmitter(field, options),
        { IsRepeated: true } => new RepeatedFieldEmitter(field, options),
        { Oneof: not null } => new OneofFieldEmitter(field, field.Oneof, options),
        { IsWrapper: true } => new WrapperFieldEmitter(field, options),
        { IsMessage: true } => new MessageFieldEmitter(field, options),
        { Type: Reflection.FieldDescriptorProto.Types.Type.String or Reflection.FieldDescriptorProto.Types.Type.Bytes } =>
            new StringFieldEmitter(field, options),
        _ => new ScalarFieldEmitter(field, options),
    };

    /// <summary>The constant with the field's number.</summary>
    protected void EmitNumber(CodeWriter writer)
    {
        writer.Line($"/// <summary>Number of the field <c>{Field.Name}</c>.</summary>");
        writer.Line($"public const int {Field.NumberConstant} = {Field.Number};");
        writer.Line();
    }

    /// <summary>The property's documentation and attributes.</summary>
    protected void EmitPropertyHead(CodeWriter writer)
    {
        DocComments.Summary(writer, Field.Comment, $"The field <c>{Field.Name}</c>.");
        EmitObsolete(writer);
    }

    /// <summary>The attribute of deprecated fields.</summary>
    protected void EmitObsolete(CodeWriter writer)
    {
        if (Field.IsDeprecated)
        {
            writer.Line(Clr.Obsolete);
        }
    }

    /// <summary><c>public</c>, with <c>new</c> where the name hides a member of object, with <c>required</c> where asked for.</summary>
    protected string Access => (MemberNames.OfObject.Contains(Property) ? "public new" : "public")
        + (Options.RequiredMembers && Field.MayBeRequiredMember ? " required" : "");

    /// <summary>Whether the property says "not set" by null, where the field's default would stand otherwise.</summary>
    protected bool IsNullable => Options.NullableOptional && Field.HasPresence && !Field.IsRequired && !Field.Proto.HasDefaultValue;

    /// <summary>The property and method of fields with presence.</summary>
    protected void EmitPresence(CodeWriter writer, string isPresent, string[] clear)
    {
        writer.Line();
        writer.Line($"/// <summary>Whether the field <c>{Field.Name}</c> is set.</summary>");
        EmitObsolete(writer);
        writer.Line($"public bool {Field.HasProperty} => {isPresent};");
        writer.Line();
        writer.Line($"/// <summary>Clears the field <c>{Field.Name}</c>.</summary>");
        EmitObsolete(writer);
        using (writer.Block($"public void {Field.ClearMethod}()"))
        {
            foreach (var statement in clear)
            {
                writer.Lines(statement);
            }
        }
    }

    /// <summary>One case of the switch over tags, its statements in a block of their own.</summary>
    protected static void EmitCase(CodeWriter writer, string tags, params string[] statements)
    {
        writer.Line($"case {tags}:");
        using (writer.Indent())
        {
            foreach (var statement in statements)
            {
                writer.Lines(statement);
            }

            writer.Line("break;");
        }
    }

    /// <summary>The case that reads a closed enum: numbers it does not know go to the unknown fields.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="assignments">The statements that take the local <c>value</c>, an int that is a value of the enum.</param>
    protected void EmitClosedEnumCase(CodeWriter writer, params string[] assignments)
    {
        writer.Line($"case {Kind.Tag}:");
        using (writer.Braces())
        {
            writer.Line("int value = reader.ReadEnum();");
            using (writer.Block($"if ({Kind.IsDefined("value")})"))
            {
                foreach (var assignment in assignments)
                {
                    writer.Line(assignment);
                }
            }

            using (writer.Block("else"))
            {
                writer.Line($"{Clr.Protobuf}.UnknownFieldSet.AddVarint(ref _unknownFields, ref reader, tag, value);");
            }

            writer.Line();
            writer.Line("break;");
        }
    }

    /// <summary>An if statement with a block.</summary>
    protected static void EmitIf(CodeWriter writer, string condition, params string[] statements)
    {
        using (writer.Block($"if ({condition})"))
        {
            foreach (var statement in statements)
            {
                writer.Line(statement);
            }
        }
    }
}
