// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Protobuf.Collections;

/// <summary>Copies an element or a map value: messages deeply, everything else is immutable and shared.</summary>
internal static class ValueCloning<T>
{
    public static T Clone(T value) => value is IDeepCloneable<T> cloneable ? cloneable.Clone() : value;
}
