// SPDX-License-Identifier: Apache-2.0
using System;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using Peregrine.Protobuf.Collections;

namespace Peregrine.Protobuf.Reflection;

/// <summary>Describes a field of a message, or an extension.</summary>
[SuppressMessage("Design", "CA1036", Justification = "The order by number is for sorting; fields are compared by reference.")]
[SuppressMessage("Design", "CA1065", Justification = "Links are resolved on first use; a wrong name in a descriptor can only be told there.")]
public sealed class FieldDescriptor : DescriptorBase, IComparable<FieldDescriptor>
{
    private readonly MessageDescriptor? _scope;
    private DescriptorBase? _type;
    private MessageDescriptor? _extendee;
    private FieldAccessor? _accessor;
    private Extension? _extension;
    private Extension? _dynamicExtension;
    private string? _jsonName;
    private string? _propertyName;
    private object? _defaultValue;

    internal FieldDescriptor(FieldDescriptorProto proto, FileDescriptor file, MessageDescriptor? scope, int index, in ResolvedFeatures features, bool isExtension, Extension? extension = null)
        : base(file, FileDescriptor.Qualify(scope?.FullName ?? file.Package, proto.Name), index, features)
    {
        Proto = proto;
        _scope = scope;
        IsExtension = isExtension;
        _extension = extension;
    }

    /// <inheritdoc/>
    public override string Name => Proto.Name;

    /// <summary>The name in the JSON form: <c>json_name</c> as set, else the field's name in lower camel case.</summary>
    public string JsonName => _jsonName ??= Proto.HasJsonName ? Proto.JsonName : DescriptorNames.ToJsonName(Proto.Name);

    /// <summary>The name of the generated C# property.</summary>
    public string PropertyName => _propertyName ??= DescriptorNames.ToPascalCase(Proto.Name);

    /// <summary>The field number.</summary>
    public int FieldNumber => Proto.Number;

    /// <summary>True for a repeated field, including every map.</summary>
    public bool IsRepeated => Proto.Label == FieldDescriptorProto.Types.Label.Repeated;

    /// <summary>True when a message without this field is not initialized: proto2 <c>required</c> or LEGACY_REQUIRED.</summary>
    public bool IsRequired => !IsRepeated && Features.FieldPresence == FeatureSet.Types.FieldPresence.LegacyRequired;

    /// <summary>True for a map field: repeated, of a type that the compiler made as map entry.</summary>
    public bool IsMap => IsRepeated && EffectiveType == FieldDescriptorProto.Types.Type.Message && MessageType.IsMapEntry;

    /// <summary>True for an extension.</summary>
    public bool IsExtension { get; }

    /// <summary>
    /// The identifier of this extension: the generated one, or without generated code one that extends dynamic messages
    /// and what <see cref="ExtendeeType"/> has as generated class. Null for a field.
    /// </summary>
    public Extension? Extension
    {
        get
        {
            return !IsExtension ? null : Volatile.Read(ref _extension) ?? Make();

            Extension Make()
            {
                Extension made = File.Dynamic?.NewExtension(this)
                    ?? throw new InvalidOperationException($"The generated code of {File.Name} does not tell its descriptor about the extension {FullName}.");
                return Interlocked.CompareExchange(ref _extension, made, null) ?? made;
            }
        }
    }

    /// <summary>
    /// True when unset differs from set to the default: messages, oneof members, extensions, proto2 fields and proto3
    /// <c>optional</c> ones, but never repeated fields.
    /// </summary>
    public bool HasPresence =>
        !IsRepeated
        && (IsExtension
            || Proto.HasOneofIndex
            || IsMessageKind
            || Features.FieldPresence != FeatureSet.Types.FieldPresence.Implicit);

    /// <summary>True for a repeated numeric field that is written as one length-delimited run.</summary>
    public bool IsPacked =>
        IsRepeated && IsPackable && Features.RepeatedFieldEncoding == FeatureSet.Types.RepeatedFieldEncoding.Packed;

    /// <summary>True when strings of this field must be valid UTF-8.</summary>
    public bool RequiresUtf8Validation =>
        Proto.Type == FieldDescriptorProto.Types.Type.String && Features.Utf8Validation == FeatureSet.Types.Utf8Validation.Verify;

    /// <summary>The declared type; a message in the delimited encoding is <see cref="FieldType.Group"/>.</summary>
    public FieldType FieldType
    {
        get
        {
            FieldType declared = DescriptorNames.ToFieldType(EffectiveType);

            // Map fields and the fields of map entries stay length-prefixed whatever the file's features say.
            return declared == FieldType.Message
                && Features.MessageEncoding == FeatureSet.Types.MessageEncoding.Delimited
                && !MessageType.IsMapEntry
                && _scope is not { IsMapEntry: true }
                    ? FieldType.Group
                    : declared;
        }
    }

    /// <summary>
    /// The message that declares this field; for an extension the message in whose scope it is declared, or null at the
    /// top level of a file.
    /// </summary>
    public MessageDescriptor ContainingType => _scope!;

    /// <summary>The message that this extension extends.</summary>
    /// <exception cref="InvalidOperationException">This is not an extension.</exception>
    public MessageDescriptor ExtendeeType
    {
        get
        {
            if (!IsExtension)
            {
                throw new InvalidOperationException($"{FullName} is not an extension.");
            }

            MessageDescriptor? found = Volatile.Read(ref _extendee);
            if (found is null)
            {
                found = File.VisibleTypes.Resolve(Proto.Extendee, this) as MessageDescriptor ?? throw Invalid($"\"{Proto.Extendee}\" is not a message type.");
                Volatile.Write(ref _extendee, found);
            }

            return found;
        }
    }

    /// <summary>The oneof that holds this field, synthetic ones included; null if none.</summary>
    public OneofDescriptor? ContainingOneof =>
        Proto.HasOneofIndex && _scope is not null && !IsExtension ? _scope.Oneofs[Proto.OneofIndex] : null;

    /// <summary>The oneof that the .proto declares around this field; null if none.</summary>
    public OneofDescriptor? RealContainingOneof => ContainingOneof is { IsSynthetic: false } oneof ? oneof : null;

    /// <summary>The type of an enum field.</summary>
    /// <exception cref="InvalidOperationException">The field is of another type.</exception>
    public EnumDescriptor EnumType =>
        ReferencedType as EnumDescriptor ?? throw new InvalidOperationException($"{FullName} is not an enum field.");

    /// <summary>The type of a message, group or map field (a map's is its entry).</summary>
    /// <exception cref="InvalidOperationException">The field is of another type.</exception>
    public MessageDescriptor MessageType =>
        ReferencedType as MessageDescriptor ?? throw new InvalidOperationException($"{FullName} is not a message field.");

    /// <summary>
    /// The value of an unset singular field, boxed: the declared default or zero, <see cref="string"/>,
    /// <see cref="ByteString"/>, and for an enum its number as <see cref="int"/>; null for messages and repeated fields.
    /// </summary>
    public object? DefaultValue
    {
        get
        {
            if (IsRepeated || IsMessageKind)
            {
                return null;
            }

            object? value = Volatile.Read(ref _defaultValue);
            if (value is null)
            {
                value = FieldDefaults.Of(this);
                Volatile.Write(ref _defaultValue, value);
            }

            return value;
        }
    }

    /// <summary>Reads and writes the field in messages of its containing type.</summary>
    /// <exception cref="InvalidOperationException">This is an extension: use GetExtension and SetExtension.</exception>
    public IFieldAccessor Accessor =>
        IsExtension
            ? throw new InvalidOperationException($"{FullName} is an extension: use GetExtension and SetExtension.")
            : _accessor ??= new FieldAccessor(this);

    internal FieldDescriptorProto Proto { get; }

    internal override DescriptorBase? Parent => _scope;

    internal override IMessage? Options => Proto.Options;

    internal override MessageDescriptor OptionsType => FieldOptions.Descriptor;

    internal override int NumberInParent => !IsExtension ? 2 : _scope is null ? 7 : 6;

    internal bool IsMessageKind =>
        EffectiveType is FieldDescriptorProto.Types.Type.Message or FieldDescriptorProto.Types.Type.Group;

    /// <summary>
    /// Whether the values are wrapper messages (google.protobuf.Int32Value and its kin), which messages hold as bare values.
    /// </summary>
    internal bool IsWrapper => FieldType == FieldType.Message && MessageType.WellKnownType == WellKnownTypeKind.Wrapper;

    internal bool IsPackable =>
        EffectiveType is not (FieldDescriptorProto.Types.Type.String or FieldDescriptorProto.Types.Type.Bytes
            or FieldDescriptorProto.Types.Type.Message or FieldDescriptorProto.Types.Type.Group);

    /// <summary>The type, looked up when a descriptor made by hand gives only the type's name.</summary>
    private FieldDescriptorProto.Types.Type EffectiveType =>
        Proto.HasType || Proto.TypeName.Length == 0 ? Proto.Type
        : ReferencedType is EnumDescriptor ? FieldDescriptorProto.Types.Type.Enum
        : FieldDescriptorProto.Types.Type.Message;

    private DescriptorBase? ReferencedType
    {
        get
        {
            DescriptorBase? found = Volatile.Read(ref _type);
            if (found is null && Proto.TypeName.Length > 0)
            {
                found = File.VisibleTypes.Resolve(Proto.TypeName, this)
                    ?? throw Invalid($"\"{Proto.TypeName}\" is not defined in this file or the files that it imports.");
                Volatile.Write(ref _type, found);
            }

            return found;
        }
    }

    /// <summary>The identifier of this extension that fits a message.</summary>
    internal Extension ExtensionOf(IExtendable message) => message is IDynamicMessage dynamic ? DynamicExtensionBy(dynamic.Types) : Extension!;

    /// <summary>The identifier of this extension for dynamic messages, which hold no objects of generated classes.</summary>
    internal Extension DynamicExtensionBy(DynamicTypes types)
    {
        return File.Dynamic is not null ? Extension! : Volatile.Read(ref _dynamicExtension) ?? Make();

        Extension Make()
        {
            Extension made = types.NewExtension(this);
            return Interlocked.CompareExchange(ref _dynamicExtension, made, null) ?? made;
        }
    }

    /// <summary>A copy of the message that this descriptor was built from.</summary>
    /// <returns>A new message.</returns>
    public FieldDescriptorProto ToProto() => Proto.Clone();

    /// <summary>The options of the field.</summary>
    /// <returns>A copy, or null when the .proto sets none.</returns>
    public FieldOptions? GetOptions() => Proto.Options?.Clone();

    /// <summary>The value of a custom option.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="extension">The option.</param>
    /// <returns>A copy, or the default of the option when the .proto does not set it: null for a message.</returns>
    public T? GetOption<T>(Extension<FieldOptions, T> extension) => OptionValues.Get(Proto.Options, extension);

    /// <summary>The elements of a repeated custom option.</summary>
    /// <typeparam name="T">The type of an element.</typeparam>
    /// <param name="extension">The option.</param>
    /// <returns>A copy; empty when the .proto does not set the option.</returns>
    public RepeatedField<T> GetOption<T>(RepeatedExtension<FieldOptions, T> extension) => OptionValues.Get(Proto.Options, extension);

    /// <summary>Orders the fields of one message by number.</summary>
    /// <param name="other">Another field of the same message.</param>
    /// <returns>Negative, zero or positive, as comparisons do.</returns>
    /// <exception cref="ArgumentException">The other field is of another message.</exception>
    public int CompareTo(FieldDescriptor? other)
    {
        if (other is null)
        {
            return 1;
        }

        return ReferenceEquals(other._scope, _scope)
            ? FieldNumber.CompareTo(other.FieldNumber)
            : throw new ArgumentException($"{FullName} and {other.FullName} are fields of different messages.", nameof(other));
    }

    private DescriptorValidationException Invalid(string description) => new(File.Name, FullName, description);
}
