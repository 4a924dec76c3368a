// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine.Protobuf;

/// <summary>A protobuf message of type <typeparamref name="T"/>.</summary>
public interface IMessage<T> : IMessage, IEquatable<T>, IDeepCloneable<T>
    where T : IMessage<T>
{
    /// <summary>
    /// Merges another message in: set singular fields replace, messages merge, repeated fields and maps are added to.
    /// Nothing happens when <paramref name="message"/> is null.
    /// </summary>
    void MergeFrom(T message);
}
