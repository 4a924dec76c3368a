// SPDX-License-Identifier: Apache-2.0
using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Peregrine.Protobuf.Dynamic;
using Peregrine.Protobuf.Reflection;
using Peregrine.Protobuf.Wire;

namespace Peregrine.Protobuf;

/// <summary>
/// A message of a type that is known by its descriptor only, without generated code. It reads and writes the same bytes as
/// a generated message, and works wherever an <see cref="IMessage"/> does: JSON, <c>Any</c>, field masks, gRPC.
/// </summary>
/// <remarks>
/// <para>
/// Values have the C# types of generated code: <see cref="int"/>, <see cref="long"/>, <see cref="uint"/>, <see cref="ulong"/>,
/// <see cref="float"/>, <see cref="double"/>, <see cref="bool"/>, <see cref="string"/>, <see cref="ByteString"/>; an enum is
/// its number as <see cref="int"/>; a message is a <see cref="DynamicMessage"/>, whether or not its type has a generated
/// class; a wrapper message (<c>google.protobuf.Int32Value</c> ...) is its bare value or null. A repeated field is a
/// <see cref="Collections.RepeatedField{T}"/> and a map a <see cref="Collections.MapField{TKey, TValue}"/> of these; both are
/// live: change them, and the message is changed.
/// </para>
/// <para>Not safe for changes from several threads; reading is.</para>
/// </remarks>
public sealed class DynamicMessage : IMessage<DynamicMessage>, IExtendable, IDynamicMessage
{
    private readonly DynamicType _type;
    private UnknownFieldSet? _unknownFields;
    private ExtensionSet<DynamicMessage>? _extensions;
    private int _cachedSize;

    /// <summary>An empty message of a type.</summary>
    /// <param name="descriptor">The type, from a <see cref="DescriptorPool"/> or of generated code.</param>
    public DynamicMessage(MessageDescriptor descriptor)
        : this(DynamicType.Of(descriptor))
    {
    }

    internal DynamicMessage(DynamicType type)
    {
        _type = type;
        Words = type.WordCount == 0 ? [] : new ulong[type.WordCount];
        Objects = type.ObjectFields.Length == 0 ? [] : new object?[type.ObjectFields.Length];
    }

    private DynamicMessage(DynamicMessage other)
        : this(other._type)
    {
        MessageNesting.Check();
        other.Words.CopyTo(Words, 0);
        foreach (DynamicField field in _type.ObjectFields)
        {
            if (other.Objects[field.ObjectSlot] is { } value)
            {
                Objects[field.ObjectSlot] = field.CloneObject(value);
            }
        }

        MergeOthers(other);
    }

    /// <summary>Describes the message type.</summary>
    public MessageDescriptor Descriptor => _type.Descriptor;

    /// <inheritdoc/>
    public UnknownFieldSet? UnknownFields
    {
        get => _unknownFields;
        set => _unknownFields = value;
    }

    /// <summary>The extension values; null when none was ever set.</summary>
    public IExtensionSet? Extensions => _extensions;

    int IMessage.CachedSize => _cachedSize;

    DynamicTypes IDynamicMessage.Types => DynamicTypeFactory.Instance;

    /// <summary>Numbers, bits of presence and cases of oneofs, laid out by the type.</summary>
    internal ulong[] Words { get; }

    /// <summary>All other values, laid out by the type.</summary>
    internal object?[] Objects { get; }

    internal ref UnknownFieldSet? UnknownFieldsReference => ref _unknownFields;

    /// <summary>
    /// Gets or sets a field by its name in the .proto; getting gives what <see cref="GetField(FieldDescriptor)"/> gives.
    /// </summary>
    /// <param name="name">The name as declared; extensions have none here.</param>
    /// <exception cref="ArgumentException">The message has no such field, or it is set and is repeated or a map.</exception>
    /// <exception cref="InvalidCastException">The value is of another type.</exception>
    public object? this[string name]
    {
        get => GetField(Named(name));
        set => SetField(Named(name), value);
    }

    /// <summary>The parser of the dynamic messages of a type.</summary>
    /// <param name="descriptor">The type.</param>
    /// <returns>
    /// A parser that keeps unknown fields and knows no extensions; see <see cref="MessageParser{T}.WithExtensionRegistry"/>
    /// and <see cref="DescriptorPool.ToExtensionRegistry"/>.
    /// </returns>
    public static MessageParser<DynamicMessage> ParserOf(MessageDescriptor descriptor) => DynamicType.Of(descriptor).Parser;

    /// <summary>
    /// The value of a field or extension: of a singular one the value or its default, null for an unset message; of a
    /// repeated field its live list, of a map its live dictionary.
    /// </summary>
    /// <param name="field">A field of the message type, or an extension of it.</param>
    /// <returns>The value; see the remarks of the class for its type.</returns>
    /// <exception cref="ArgumentException">The field is of another message type.</exception>
    public object? GetField(FieldDescriptor field)
    {
        if (!IsExtension(field))
        {
            return GetField(field.FieldNumber);
        }

        return field.IsRepeated
            ? GetOrCreateExtensions().GetOrCreateList(field.DynamicExtensionBy(DynamicTypeFactory.Instance))
            : _extensions?.Get(field.DynamicExtensionBy(DynamicTypeFactory.Instance)) ?? field.DefaultValue;
    }

    /// <summary>Sets a singular field or extension; null unsets a message or a wrapper.</summary>
    /// <param name="field">A field of the message type, or an extension of it.</param>
    /// <param name="value">The value; an enum is its number, or a value of any C# enum.</param>
    /// <exception cref="ArgumentException">The field is of another message type, or it is repeated or a map.</exception>
    /// <exception cref="ArgumentNullException">The value is null, and the field is no message.</exception>
    /// <exception cref="InvalidCastException">The value is of another type.</exception>
    public void SetField(FieldDescriptor field, object? value)
    {
        if (!IsExtension(field))
        {
            SetField(field.FieldNumber, value);
        }
        else if (field.IsRepeated)
        {
            throw FieldAccess.NotSettable(this, field.FieldNumber);
        }
        else if (value is null && field.IsMessageKind)
        {
            ClearField(field);
        }
        else
        {
            ArgumentNullException.ThrowIfNull(value);
            GetOrCreateExtensions().Set(field.DynamicExtensionBy(DynamicTypeFactory.Instance), value);
        }
    }

    /// <summary>Whether a field or extension is set; whether a repeated field or a map has elements.</summary>
    /// <param name="field">A field of the message type, or an extension of it.</param>
    /// <returns>
    /// By its presence where the field has one, else whether it differs from its default.
    /// </returns>
    /// <exception cref="ArgumentException">The field is of another message type.</exception>
    public bool HasField(FieldDescriptor field) =>
        IsExtension(field) ? _extensions?.Has(field.DynamicExtensionBy(DynamicTypeFactory.Instance)) ?? false : HasField(field.FieldNumber);

    /// <summary>Unsets a field or extension.</summary>
    /// <param name="field">A field of the message type, or an extension of it.</param>
    /// <exception cref="ArgumentException">The field is of another message type.</exception>
    public void ClearField(FieldDescriptor field)
    {
        if (IsExtension(field))
        {
            _extensions?.Clear(field.DynamicExtensionBy(DynamicTypeFactory.Instance));
        }
        else
        {
            ClearField(field.FieldNumber);
        }
    }

    /// <inheritdoc/>
    public object? GetField(int number) => Find(number).Get(this);

    /// <inheritdoc/>
    public void SetField(int number, object? value) =>
        (_type.Find(number) ?? throw FieldAccess.NotSettable(this, number)).Set(this, value);

    /// <inheritdoc/>
    public bool TryGetScalar(int number, out ulong bits) => (_type.Find(number) ?? throw FieldAccess.NotScalar(this, number)).TryGetScalar(this, out bits);

    /// <inheritdoc/>
    public void SetScalar(int number, ulong bits) => (_type.Find(number) ?? throw FieldAccess.NotScalar(this, number)).SetScalar(this, bits);

    /// <inheritdoc/>
    public bool HasField(int number) => Find(number).Has(this);

    /// <inheritdoc/>
    public void ClearField(int number) => Find(number).Clear(this);

    /// <inheritdoc/>
    public IExtensionSet GetOrCreateExtensions() => MakeExtensions();

    /// <inheritdoc/>
    public DynamicMessage Clone() => new(this);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException"><paramref name="message"/> is of another type.</exception>
    public void MergeFrom(DynamicMessage message)
    {
        if (message is null)
        {
            return;
        }

        if (message._type != _type)
        {
            throw new ArgumentException(
                $"A {message.Descriptor.FullName} cannot be merged into a {Descriptor.FullName}: they are different types.", nameof(message));
        }

        MessageNesting.Check();
        foreach (DynamicField field in _type.Fields)
        {
            field.Merge(this, message);
        }

        MergeOthers(message);
    }

    /// <inheritdoc/>
    public int CalculateSize()
    {
        MessageNesting.Check();
        long size = 0;
        foreach (DynamicField field in _type.Fields)
        {
            size += field.Size(this);
        }

        if (_type.IsMessageSet)
        {
            size += MessageSetFormat.Size(_extensions, _unknownFields);
        }
        else
        {
            size += _extensions?.CalculateSize() ?? 0;
            size += _unknownFields?.CalculateSize() ?? 0;
        }

        return _cachedSize = WireSize.Total(size);
    }

    void IMessage.WriteTo(ref WireWriter writer)
    {
        foreach (DynamicField field in _type.Fields)
        {
            field.Write(this, ref writer);
        }

        if (_type.IsMessageSet)
        {
            MessageSetFormat.Write(_extensions, _unknownFields, ref writer);
        }
        else
        {
            _extensions?.WriteTo(ref writer);
            _unknownFields?.WriteTo(ref writer);
        }
    }

    void IMessage.MergeFrom(ref WireReader reader)
    {
        uint tag;
        while ((tag = reader.ReadTag()) != 0)
        {
            if (_type.Find((int)(tag >> 3)) is { } field && field.Accepts(tag))
            {
                field.Read(this, ref reader, tag);
            }
            else if (!TryMergeOther(ref reader, tag))
            {
                return; // an end-group tag: whoever reads the group checks it
            }
        }
    }

    void IDynamicMessage.MergeDynamic(IMessage other) => MergeFrom((DynamicMessage)other);

    bool IMessage.IsInitialized()
    {
        MessageNesting.Check();
        foreach (DynamicField field in _type.RequiredFields)
        {
            if (!field.Has(this))
            {
                return false;
            }
        }

        foreach (DynamicField field in _type.ObjectFields)
        {
            if (!field.IsInitialized(this))
            {
                return false;
            }
        }

        return _extensions?.IsInitialized() ?? true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as DynamicMessage);

    /// <summary>Whether both are of one type and all that is set is equal, unknown fields included.</summary>
    /// <param name="other">The other message.</param>
    /// <returns>False also for a generated message of the same type.</returns>
    public bool Equals(DynamicMessage? other)
    {
        if (ReferenceEquals(this, other))
        {
            return true;
        }

        if (other is null || other._type != _type || !Words.AsSpan().SequenceEqual(other.Words))
        {
            return false;
        }

        MessageNesting.Check();
        foreach (DynamicField field in _type.ObjectFields)
        {
            if (!field.ObjectsEqual(Objects[field.ObjectSlot], other.Objects[field.ObjectSlot]))
            {
                return false;
            }
        }

        return (_extensions is null ? other._extensions is not { SetCount: > 0 } : _extensions.Equals(other._extensions ?? new(Descriptor)))
            && Equals(_unknownFields, other._unknownFields);
    }

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        MessageNesting.Check();
        HashCode hash = default;
        hash.AddBytes(MemoryMarshal.AsBytes(Words.AsSpan()));
        foreach (DynamicField field in _type.ObjectFields)
        {
            hash.Add(field.HashObject(Objects[field.ObjectSlot]));
        }

        hash.Add(_extensions?.GetHashCode() ?? 0);
        hash.Add(_unknownFields);
        return hash.ToHashCode();
    }

    /// <summary>The message as JSON, for people to read.</summary>
    /// <returns>One line of JSON.</returns>
    public override string ToString() => JsonFormatter.ToDiagnosticString(this);

    /// <summary>Makes a field the one that is set in its oneof; -1 stands for no oneof.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void BeginCase(int caseWord, int number)
    {
        if (caseWord >= 0 && Words[caseWord] != (ulong)number)
        {
            ChangeCase(caseWord, number);
        }
    }

    /// <summary>Leaves nothing set in a oneof; -1 stands for no oneof.</summary>
    internal void EndCase(int caseWord)
    {
        if (caseWord >= 0)
        {
            Words[caseWord] = 0;
        }
    }

    internal ExtensionSet<DynamicMessage> MakeExtensions() => _extensions ??= new(Descriptor);

    private void ChangeCase(int caseWord, int number)
    {
        _type.Find((int)Words[caseWord])?.Erase(this);
        Words[caseWord] = (ulong)number;
    }

    private bool TryMergeOther(ref WireReader reader, uint tag)
    {
        if (_type.IsExtendable && (WireType)(tag & 7) != WireType.EndGroup && reader.ExtensionRegistry is { } registry)
        {
            if (registry.Find(Descriptor, (int)(tag >> 3)) is { } extension
                && MakeExtensions().TryMerge(extension, ref reader, tag, ref _unknownFields))
            {
                return true;
            }
        }

        if (_type.IsMessageSet && MessageSetFormat.TryMergeItem(ref _extensions, ref _unknownFields, ref reader, tag, Descriptor))
        {
            return true;
        }

        return UnknownFieldSet.TryMergeField(ref _unknownFields, ref reader, tag);
    }

    private void MergeOthers(DynamicMessage other)
    {
        if (other._extensions is { SetCount: > 0 } extensions)
        {
            MakeExtensions().MergeFrom(extensions);
        }

        UnknownFieldSet.MergeFrom(ref _unknownFields, other._unknownFields);
    }

    private DynamicField Find(int number) => _type.Find(number) ?? throw FieldAccess.NoSuchField(this, number);

    private FieldDescriptor Named(string name) => Descriptor.FindFieldByName(name)
        ?? throw new ArgumentException($"{Descriptor.FullName} has no field \"{name}\".", nameof(name));

    private bool IsExtension(FieldDescriptor field)
    {
        ArgumentNullException.ThrowIfNull(field);
        return ReferenceEquals(field.IsExtension ? field.ExtendeeType : field.ContainingType, Descriptor)
            ? field.IsExtension
            : throw new ArgumentException($"{field.FullName} is not a field of a {Descriptor.FullName}.", nameof(field));
    }
}
