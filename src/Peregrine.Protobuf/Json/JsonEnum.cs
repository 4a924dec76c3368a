// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;
using System.Threading;
using Peregrine.Protobuf.Collections;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf.Json;

/// <summary>What JSON needs to know of an enum: its values' names, found by number and by the bytes of input. Immutable.</summary>
internal sealed class JsonEnum
{
    // Values below this number are found in an array.
    private const int ArrayLimit = 256;

    private readonly JsonName?[] _byNumber;
    private readonly Dictionary<int, JsonName> _others = new(IntegerKeys<int>.Comparer);
    private readonly JsonNameTable<EnumValueDescriptor> _names;

    private JsonEnum(EnumDescriptor descriptor)
    {
        Descriptor = descriptor;
        IsNull = descriptor.FullName == WellKnownTypeKinds.NullValueFullName;
        List<(JsonName, EnumValueDescriptor)> names = [];
        int length = 0;
        foreach (EnumValueDescriptor value in descriptor.Values)
        {
            length = value.Number is >= 0 and < ArrayLimit && value.Number >= length ? value.Number + 1 : length;
        }

        _byNumber = new JsonName?[length];
        foreach (EnumValueDescriptor value in descriptor.Values)
        {
            JsonName name = new(value.Name);
            names.Add((name, value));
            if ((uint)value.Number < (uint)length)
            {
                _byNumber[value.Number] ??= name;
            }
            else
            {
                _others.TryAdd(value.Number, name);
            }
        }

        _names = new(names);
    }

    public EnumDescriptor Descriptor { get; }

    /// <summary>Whether it is google.protobuf.NullValue, whose one value is JSON's null.</summary>
    public bool IsNull { get; }

    public static JsonEnum Of(EnumDescriptor descriptor)
    {
        return Volatile.Read(ref descriptor.JsonForm) as JsonEnum ?? Make();

        JsonEnum Make()
        {
            JsonEnum made = new(descriptor);
            Volatile.Write(ref descriptor.JsonForm, made);
            return made;
        }
    }

    /// <summary>The name of the value declared first with a number; null if there is none.</summary>
    public JsonName? FindName(int number) =>
        (uint)number < (uint)_byNumber.Length ? _byNumber[number] : _others.GetValueOrDefault(number);

    /// <summary>The value of a name in UTF-8; null if there is none.</summary>
    public EnumValueDescriptor? FindValue(System.ReadOnlySpan<byte> name) => _names.Find(name, out _);
}
