// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Protobuf.Collections;

/// <content>The elements as bits, for code that does not know their type.</content>
public sealed partial class RepeatedField<T> : IScalarList
{
    ulong IScalarList.GetBits(int index) => ScalarBits<T>.Of(_items[index]);

    void IScalarList.AddBits(ulong bits) => Add(ScalarBits<T>.ToValue(bits));
}
