// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Protobuf.Collections;

/// <summary>A repeated field of numbers, bools or enums, seen without its type and without boxing: bits as <see cref="FieldAccess"/> has them.</summary>
internal interface IScalarList
{
    int Count { get; }

    ulong GetBits(int index);

    void AddBits(ulong bits);
}
