// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using Peregrine.Protobuf.Collections;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf.Dynamic;

/// <summary>
/// How the messages of one type are stored and which code reads and writes each field: what generated code has in its text,
/// worked out once from the descriptor. Numbers lie in one array of words, beside the bits and oneof cases that tell what is
/// set; everything else lies in one array of objects.
/// </summary>
internal sealed class DynamicType
{
    // Numbers below this have a place in a table however few they are; above, the table must not be mostly empty.
    private const int SmallTable = 64;
    private const int EntriesPerField = 4;

    private static readonly ConditionalWeakTable<MessageDescriptor, DynamicType> Types = [];

    private readonly DynamicField?[] _table;
    private readonly Dictionary<int, DynamicField>? _beyondTable;

    private DynamicType(MessageDescriptor descriptor)
    {
        Descriptor = descriptor;
        IsExtendable = descriptor.Proto.ExtensionRange.Count > 0;
        IsMessageSet = descriptor.Proto.Options is { MessageSetWireFormat: true };
        Parser = new MessageParser<DynamicMessage>(() => new DynamicMessage(this));
        FieldDescriptor[] descriptors = descriptor.Fields.ByNumber;
        DynamicLayout layout = new(descriptor);
        Fields = new DynamicField[descriptors.Length];
        List<DynamicField> objects = [];
        List<DynamicField> required = [];
        for (int i = 0; i < Fields.Length; i++)
        {
            DynamicField field = DynamicFieldFactory.Create(descriptors[i], layout);
            Fields[i] = field;
            if (field.ObjectSlot >= 0)
            {
                objects.Add(field);
            }

            if (descriptors[i].IsRequired)
            {
                required.Add(field);
            }
        }

        WordCount = layout.WordCount;
        ObjectFields = [.. objects];
        RequiredFields = [.. required];
        _table = BuildTable(Fields, out _beyondTable);
    }

    public MessageDescriptor Descriptor { get; }

    /// <summary>Makes and parses messages of the type.</summary>
    public MessageParser<DynamicMessage> Parser { get; }

    /// <summary>The fields by ascending number.</summary>
    public DynamicField[] Fields { get; }

    /// <summary>The fields whose values are objects, by ascending number: each has the slot of its place here.</summary>
    public DynamicField[] ObjectFields { get; }

    public DynamicField[] RequiredFields { get; }

    /// <summary>How many words a message has for numbers, bits of presence and cases of oneofs.</summary>
    public int WordCount { get; }

    public bool IsExtendable { get; }

    /// <summary>Whether the historic message set encoding is in use, in which extensions are wrapped in groups.</summary>
    public bool IsMessageSet { get; }

    /// <summary>The one object for a message type.</summary>
    public static DynamicType Of(MessageDescriptor descriptor)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        return Types.GetValue(descriptor, static key => new DynamicType(key));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public DynamicField? Find(int number)
    {
        DynamicField?[] table = _table;
        return (uint)number < (uint)table.Length ? table[number] : FindBeyondTable(number);
    }

    private DynamicField? FindBeyondTable(int number) => _beyondTable?.GetValueOrDefault(number);

    private static DynamicField?[] BuildTable(DynamicField[] fields, out Dictionary<int, DynamicField>? beyond)
    {
        // Fields are sorted: the table ends behind the last field before which it is dense enough.
        int inTable = 0;
        for (int i = 0; i < fields.Length; i++)
        {
            if (fields[i].Number < SmallTable || fields[i].Number / EntriesPerField <= i + 1)
            {
                inTable = i + 1;
            }
        }

        var table = new DynamicField?[inTable == 0 ? 0 : fields[inTable - 1].Number + 1];
        for (int i = 0; i < inTable; i++)
        {
            table[fields[i].Number] = fields[i];
        }

        beyond = inTable == fields.Length ? null : new(IntegerKeys<int>.Comparer);
        for (int i = inTable; i < fields.Length; i++)
        {
            beyond!.Add(fields[i].Number, fields[i]);
        }

        return table;
    }
}
