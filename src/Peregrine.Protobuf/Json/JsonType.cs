// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Threading;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf.Json;

/// <summary>What JSON needs to know of a message type, found out once: its fields in the order of their numbers, and their names. Immutable.</summary>
internal sealed class JsonType
{
    private JsonNameTable<JsonField>? _names;

    private JsonType(MessageDescriptor descriptor)
    {
        Descriptor = descriptor;
        WellKnownType = descriptor.WellKnownType;
        OneofCount = descriptor.Oneofs.Count;
        Fields = new JsonField[descriptor.Fields.ByNumber.Length];
        for (int i = 0; i < Fields.Length; i++)
        {
            Fields[i] = new JsonField(descriptor.Fields.ByNumber[i], i);
        }
    }

    public MessageDescriptor Descriptor { get; }

    public WellKnownTypeKind WellKnownType { get; }

    public int OneofCount { get; }

    /// <summary>The fields by ascending number.</summary>
    public JsonField[] Fields { get; }

    /// <summary>The field that holds the value, of a wrapper type.</summary>
    public JsonField Wrapped => FieldOf(WellKnownFields.WrapperValue);

    private JsonNameTable<JsonField> Names
    {
        get
        {
            return Volatile.Read(ref _names) ?? Make();

            JsonNameTable<JsonField> Make()
            {
                // JSON names first: where one field's JSON name is another's declared name, the JSON name wins. Of two fields of one
                // name the one declared first does.
                var declared = (JsonField[])Fields.Clone();
                Array.Sort(declared, static (a, b) => a.Index.CompareTo(b.Index));
                List<(JsonName, JsonField)> names = [];
                foreach (JsonField each in declared)
                {
                    names.Add((each.Name, each));
                }

                foreach (JsonField each in declared)
                {
                    names.Add((each.DeclaredName, each));
                }

                JsonNameTable<JsonField> made = new(names);
                Volatile.Write(ref _names, made);
                return made;
            }
        }
    }

    public static JsonType Of(MessageDescriptor descriptor)
    {
        return Volatile.Read(ref descriptor.JsonForm) as JsonType ?? Make();

        JsonType Make()
        {
            JsonType made = new(descriptor);
            Volatile.Write(ref descriptor.JsonForm, made);
            return made;
        }
    }

    /// <summary>The field of a number that the type is known to have.</summary>
    public JsonField FieldOf(int number) => Array.Find(Fields, field => field.Number == number)
        ?? throw new InvalidOperationException($"{Descriptor.FullName} has no field number {number}.");

    /// <summary>Finds a field by either of the names that input may use, in UTF-8.</summary>
    /// <param name="utf8">The name, without escapes.</param>
    /// <param name="name">The field's name that it is.</param>
    public JsonField? FindField(ReadOnlySpan<byte> utf8, out JsonName? name) => Names.Find(utf8, out name);
}
