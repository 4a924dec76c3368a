// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Threading;
using Peregrine.Protobuf.Collections;

namespace Peregrine.Protobuf.Reflection;

/// <summary>Describes a message type.</summary>
/// <remarks>The field descriptors of a type are made when first asked for: a type that nobody inspects costs little.</remarks>
public sealed class MessageDescriptor : DescriptorBase
{
    private readonly GeneratedMessageInfo? _generated;
    private readonly MessageDescriptor[] _nestedTypes;
    private readonly EnumDescriptor[] _enumTypes;
    private MessageMembers? _members;
    private ExtensionCollection? _extensions;
    private Dictionary<string, DescriptorBase>? _nestedByName;
    private HashSet<string>? _reservedNames;

    internal MessageDescriptor(DescriptorProto proto, FileDescriptor file, MessageDescriptor? parent, int index, string scope, GeneratedMessageInfo? generated, in ResolvedFeatures parentFeatures)
        : base(file, FileDescriptor.Qualify(scope, proto.Name), index, parentFeatures.With(proto.Options?.Features))
    {
        Proto = proto;
        ContainingType = parent;
        _generated = generated;
        IsMapEntry = proto.Options is { MapEntry: true };
        WellKnownType = WellKnownTypeKinds.Of(FullName, proto);
        _nestedTypes = new MessageDescriptor[proto.NestedType.Count];
        for (int i = 0; i < _nestedTypes.Length; i++)
        {
            _nestedTypes[i] = new MessageDescriptor(proto.NestedType[i], file, this, i, FullName, generated?.NestedMessageAt(i), Features);
        }

        _enumTypes = new EnumDescriptor[proto.EnumType.Count];
        for (int i = 0; i < _enumTypes.Length; i++)
        {
            _enumTypes[i] = new EnumDescriptor(proto.EnumType[i], file, this, i, FullName, generated?.NestedEnumAt(i), Features);
        }

        NestedTypes = Array.AsReadOnly(_nestedTypes);
        EnumTypes = Array.AsReadOnly(_enumTypes);
    }

    /// <inheritdoc/>
    public override string Name => Proto.Name;

    /// <summary>The generated C# class, or null when there is none (map entries, types known only at run time).</summary>
    public Type? ClrType => _generated?.ClrType;

    /// <summary>
    /// Makes and parses messages of this type: generated ones, or when there is no generated class dynamic ones
    /// (<see cref="DynamicMessage"/>).
    /// </summary>
    public MessageParser Parser => KnownParser ?? DynamicMessage.ParserOf(this);

    /// <summary>
    /// The same without a way to dynamic messages from a file of generated code; null for its map entries, which have no class.
    /// </summary>
    internal MessageParser? KnownParser => _generated?.Parser ?? File.Dynamic?.ParserOf(this);

    /// <summary>Whether there is a <see cref="KnownParser"/>.</summary>
    internal bool HasKnownParser => _generated is not null || File.Dynamic is not null;

    /// <summary>The message in which this is nested, or null at the top level.</summary>
    public MessageDescriptor? ContainingType { get; }

    /// <summary>True for the type that the compiler makes for the entries of a map field.</summary>
    public bool IsMapEntry { get; }

    /// <summary>The fields, without extensions.</summary>
    public FieldCollection Fields => Members.Collection;

    /// <summary>The oneofs in declaration order, synthetic ones last.</summary>
    public ReadOnlyCollection<OneofDescriptor> Oneofs => Members.OneofCollection;

    /// <summary>How many of <see cref="Oneofs"/> the .proto declares; the rest are synthetic.</summary>
    public int RealOneofCount
    {
        get
        {
            int count = 0;
            foreach (OneofDescriptor oneof in Members.Oneofs)
            {
                count += oneof.IsSynthetic ? 0 : 1;
            }

            return count;
        }
    }

    /// <summary>The messages nested directly in this one, map entries included.</summary>
    public ReadOnlyCollection<MessageDescriptor> NestedTypes { get; }

    /// <summary>The enums nested directly in this message.</summary>
    public ReadOnlyCollection<EnumDescriptor> EnumTypes { get; }

    /// <summary>The extensions declared in the scope of this message (not those that extend it).</summary>
    public ExtensionCollection Extensions
    {
        get
        {
            return Volatile.Read(ref _extensions) ?? Build();

            ExtensionCollection Build()
            {
                ExtensionCollection built = new(Proto.Extension, File, this, Features, _generated?.Extensions);
                return Interlocked.CompareExchange(ref _extensions, built, null) ?? built;
            }
        }
    }

    internal DescriptorProto Proto { get; }

    internal override DescriptorBase? Parent => ContainingType;

    internal override IMessage? Options => Proto.Options;

    internal override MessageDescriptor OptionsType => MessageOptions.Descriptor;

    internal override int NumberInParent => ContainingType is null ? 4 : 3;

    /// <summary>Which well-known type with a JSON form of its own this is.</summary>
    internal WellKnownTypeKind WellKnownType { get; }

    private MessageMembers Members
    {
        get
        {
            return Volatile.Read(ref _members) ?? Build();

            MessageMembers Build()
            {
                MessageMembers built = new(this);
                return Interlocked.CompareExchange(ref _members, built, null) ?? built;
            }
        }
    }

    /// <summary>Finds a field by its name in the .proto.</summary>
    /// <param name="name">The name as declared.</param>
    /// <returns>The field or null.</returns>
    public FieldDescriptor? FindFieldByName(string name) => Members.FindByName(name);

    /// <summary>Finds a field by its number.</summary>
    /// <param name="number">The number.</param>
    /// <returns>The field or null.</returns>
    public FieldDescriptor? FindFieldByNumber(int number) => Members.FindByNumber(number);

    /// <summary>Finds what is declared in this message by its unqualified name: a field, oneof, message or enum.</summary>
    /// <typeparam name="T">The kind of descriptor.</typeparam>
    /// <param name="name">The name as declared.</param>
    /// <returns>The descriptor, or null when there is none of that name and kind.</returns>
    public T? FindDescriptor<T>(string name)
        where T : class, IDescriptor
    {
        ArgumentNullException.ThrowIfNull(name);
        IDescriptor? found = FindFieldByName(name);
        found ??= Array.Find(_nestedTypes, nested => nested.Name == name);
        found ??= Array.Find(_enumTypes, nested => nested.Name == name);
        found ??= Array.Find(Members.Oneofs, oneof => oneof.Name == name);
        return found as T;
    }

    /// <summary>The message or enum of a name that is nested directly in this one.</summary>
    internal DescriptorBase? FindNestedType(string name)
    {
        Dictionary<string, DescriptorBase>? map = Volatile.Read(ref _nestedByName);
        if (map is null)
        {
            map = new Dictionary<string, DescriptorBase>(StringComparer.Ordinal);
            foreach (DescriptorBase nested in (IEnumerable<DescriptorBase>)[.. _nestedTypes, .. _enumTypes])
            {
                map.TryAdd(nested.Name, nested);
            }

            Volatile.Write(ref _nestedByName, map);
        }

        return map.GetValueOrDefault(name);
    }

    /// <summary>Whether the message sets a name aside that no field may have.</summary>
    internal bool IsReservedName(string name)
    {
        if (Proto.ReservedName.Count == 0)
        {
            return false;
        }

        HashSet<string>? names = Volatile.Read(ref _reservedNames);
        if (names is null)
        {
            names = new HashSet<string>(Proto.ReservedName, StringComparer.Ordinal);
            Volatile.Write(ref _reservedNames, names);
        }

        return names.Contains(name);
    }

    /// <summary>A copy of the message that this descriptor was built from.</summary>
    /// <returns>A new message.</returns>
    public DescriptorProto ToProto() => Proto.Clone();

    /// <summary>The options of the message.</summary>
    /// <returns>A copy, or null when the .proto sets none.</returns>
    public MessageOptions? GetOptions() => Proto.Options?.Clone();

    /// <summary>The value of a custom option.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="extension">The option.</param>
    /// <returns>A copy, or the default of the option when the .proto does not set it: null for a message.</returns>
    public T? GetOption<T>(Extension<MessageOptions, T> extension) => OptionValues.Get(Proto.Options, extension);

    /// <summary>The elements of a repeated custom option.</summary>
    /// <typeparam name="T">The type of an element.</typeparam>
    /// <param name="extension">The option.</param>
    /// <returns>A copy; empty when the .proto does not set the option.</returns>
    public RepeatedField<T> GetOption<T>(RepeatedExtension<MessageOptions, T> extension) => OptionValues.Get(Proto.Options, extension);

    /// <summary>The fields of a message type, in either order and by number or name.</summary>
    public sealed class FieldCollection
    {
        private readonly MessageDescriptor _message;
        private readonly MessageMembers _members;
        private readonly ReadOnlyCollection<FieldDescriptor> _inDeclarationOrder;
        private readonly ReadOnlyCollection<FieldDescriptor> _inNumberOrder;

        internal FieldCollection(MessageDescriptor message, MessageMembers members)
        {
            _message = message;
            _members = members;
            _inDeclarationOrder = Array.AsReadOnly(members.Fields);
            _inNumberOrder = Array.AsReadOnly(members.ByNumber);
        }

        /// <summary>The field of a number.</summary>
        /// <param name="number">The field number.</param>
        /// <exception cref="KeyNotFoundException">There is no such field.</exception>
        public FieldDescriptor this[int number] =>
            _members.FindByNumber(number) ?? throw new KeyNotFoundException($"{_message.FullName} has no field number {number}.");

        /// <summary>The field of a name as the .proto declares it.</summary>
        /// <param name="name">The name.</param>
        /// <exception cref="KeyNotFoundException">There is no such field.</exception>
        public FieldDescriptor this[string name] =>
            _members.FindByName(name) ?? throw new KeyNotFoundException($"{_message.FullName} has no field \"{name}\".");

        /// <summary>The fields as the .proto lists them.</summary>
        /// <returns>A view, not a copy.</returns>
        public ReadOnlyCollection<FieldDescriptor> InDeclarationOrder() => _inDeclarationOrder;

        /// <summary>The fields by ascending number.</summary>
        /// <returns>A view, not a copy.</returns>
        public ReadOnlyCollection<FieldDescriptor> InFieldNumberOrder() => _inNumberOrder;

        internal FieldDescriptor[] ByNumber => _members.ByNumber;

        /// <summary>Finds a field by either name that JSON input may use: the JSON name or the declared name.</summary>
        internal bool TryFindByJsonName(ReadOnlySpan<char> name, out FieldDescriptor? field) => _members.TryFindByJsonName(name, out field);
    }
}
