// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Collections.ObjectModel;
using System.Threading;
using Peregrine.Protobuf.Collections;

namespace Peregrine.Protobuf.Reflection;

/// <summary>Describes an enum.</summary>
public sealed class EnumDescriptor : DescriptorBase
{
    private readonly string _scope;
    private ReadOnlyCollection<EnumValueDescriptor>? _values;
    private Dictionary<int, EnumValueDescriptor>? _byNumber;
    private Dictionary<string, EnumValueDescriptor>? _byName;

    internal EnumDescriptor(EnumDescriptorProto proto, FileDescriptor file, MessageDescriptor? parent, int index, string scope, Type? clrType, in ResolvedFeatures parentFeatures)
        : base(file, FileDescriptor.Qualify(scope, proto.Name), index, parentFeatures.With(proto.Options?.Features))
    {
        Proto = proto;
        ContainingType = parent;
        ClrType = clrType;

        // The values of an enum are its siblings, not its members: this is how C++ scopes them.
        _scope = scope;
    }

    /// <inheritdoc/>
    public override string Name => Proto.Name;

    /// <summary>The C# enum generated for this, or null when there is none.</summary>
    public Type? ClrType { get; }

    /// <summary>The message in which this is nested, or null at the top level.</summary>
    public MessageDescriptor? ContainingType { get; }

    /// <summary>True when only declared numbers are values: others are kept as unknown fields (proto2's rule).</summary>
    public bool IsClosed => Features.EnumType == FeatureSet.Types.EnumType.Closed;

    /// <summary>The values in declaration order; several may share a number (aliases).</summary>
    public ReadOnlyCollection<EnumValueDescriptor> Values
    {
        get
        {
            return Volatile.Read(ref _values) ?? Build();

            ReadOnlyCollection<EnumValueDescriptor> Build()
            {
                var built = new EnumValueDescriptor[Proto.Value.Count];
                for (int i = 0; i < built.Length; i++)
                {
                    built[i] = new EnumValueDescriptor(Proto.Value[i], this, i, FileDescriptor.Qualify(_scope, Proto.Value[i].Name));
                }

                return Interlocked.CompareExchange(ref _values, Array.AsReadOnly(built), null) ?? _values;
            }
        }
    }

    internal EnumDescriptorProto Proto { get; }

    internal override DescriptorBase? Parent => ContainingType;

    internal override IMessage? Options => Proto.Options;

    internal override MessageDescriptor OptionsType => EnumOptions.Descriptor;

    internal override int NumberInParent => ContainingType is null ? 5 : 4;

    /// <summary>A copy of the message that this descriptor was built from.</summary>
    /// <returns>A new message.</returns>
    public EnumDescriptorProto ToProto() => Proto.Clone();

    /// <summary>The options of the enum.</summary>
    /// <returns>A copy, or null when the .proto sets none.</returns>
    public EnumOptions? GetOptions() => Proto.Options?.Clone();

    /// <summary>The value of a custom option.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="extension">The option.</param>
    /// <returns>A copy, or the default of the option when the .proto does not set it: null for a message.</returns>
    public T? GetOption<T>(Extension<EnumOptions, T> extension) => OptionValues.Get(Proto.Options, extension);

    /// <summary>The elements of a repeated custom option.</summary>
    /// <typeparam name="T">The type of an element.</typeparam>
    /// <param name="extension">The option.</param>
    /// <returns>A copy; empty when the .proto does not set the option.</returns>
    public RepeatedField<T> GetOption<T>(RepeatedExtension<EnumOptions, T> extension) => OptionValues.Get(Proto.Options, extension);

    /// <summary>Finds a value by its number.</summary>
    /// <param name="number">The number.</param>
    /// <returns>The value declared first with that number, or null.</returns>
    public EnumValueDescriptor? FindValueByNumber(int number)
    {
        Dictionary<int, EnumValueDescriptor>? map = Volatile.Read(ref _byNumber);
        if (map is null)
        {
            map = new Dictionary<int, EnumValueDescriptor>(Values.Count, IntegerKeys<int>.Comparer);
            foreach (EnumValueDescriptor value in Values)
            {
                map.TryAdd(value.Number, value);
            }

            Volatile.Write(ref _byNumber, map);
        }

        return map.GetValueOrDefault(number);
    }

    /// <summary>Finds a value by its unqualified name.</summary>
    /// <param name="name">The name as declared.</param>
    /// <returns>The value or null.</returns>
    public EnumValueDescriptor? FindValueByName(string name) => NamesByString.GetValueOrDefault(name);

    internal EnumValueDescriptor? FindValueByName(ReadOnlySpan<char> name) =>
        NamesByString.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out EnumValueDescriptor? value) ? value : null;

    private Dictionary<string, EnumValueDescriptor> NamesByString
    {
        get
        {
            Dictionary<string, EnumValueDescriptor>? map = Volatile.Read(ref _byName);
            if (map is null)
            {
                map = new Dictionary<string, EnumValueDescriptor>(Values.Count, StringComparer.Ordinal);
                foreach (EnumValueDescriptor value in Values)
                {
                    map.TryAdd(value.Name, value);
                }

                Volatile.Write(ref _byName, map);
            }

            return map;
        }
    }
}
