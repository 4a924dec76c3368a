// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;

namespace Peregrine.Protobuf.Reflection;

/// <summary>The fields and oneofs that an object has set so far: each may be set once.</summary>
internal struct SeenFields(int fieldCount, int oneofCount)
{
    private const int BitsPerWord = 64;

    private readonly ulong[]? _moreFields = fieldCount > BitsPerWord ? new ulong[(fieldCount + BitsPerWord - 1) / BitsPerWord] : null;
    private readonly ulong[]? _moreOneofs = oneofCount > BitsPerWord ? new ulong[(oneofCount + BitsPerWord - 1) / BitsPerWord] : null;
    private HashSet<string>? _extensions;
    private ulong _fields;
    private ulong _oneofs;

    /// <summary>Notes a field; false if it was there.</summary>
    public bool AddField(FieldDescriptor field) =>
        field.IsExtension
            ? (_extensions ??= []).Add(field.FullName)
            : Set(ref _moreFields is null ? ref _fields : ref _moreFields[field.Index / BitsPerWord], field.Index);

    /// <summary>Takes back that a field, which is not an extension, was noted.</summary>
    public void Forget(FieldDescriptor field)
    {
        ref ulong word = ref _moreFields is null ? ref _fields : ref _moreFields[field.Index / BitsPerWord];
        word &= ~(1UL << (field.Index % BitsPerWord));
    }

    /// <summary>Notes the oneof of a field, if it is in one; false if the oneof was there.</summary>
    public bool AddOneof(FieldDescriptor field) =>
        field.ContainingOneof is not { } oneof
        || Set(ref _moreOneofs is null ? ref _oneofs : ref _moreOneofs[oneof.Index / BitsPerWord], oneof.Index);

    private static bool Set(ref ulong word, int index)
    {
        ulong bit = 1UL << (index % BitsPerWord);
        bool isNew = (word & bit) == 0;
        word |= bit;
        return isNew;
    }
}
