// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Protobuf.Wire;

/// <summary>The wire form of wrapper messages as nullable values, which merge as messages do: a value that is the default is not there.</summary>
/// <typeparam name="T">The type of the value in C#, with null.</typeparam>
public interface IWrapperCodec<T> : IValueCodec<T>
{
    /// <summary>Reads one occurrence of a field that may have been read before.</summary>
    /// <param name="reader">The reader, behind the tag.</param>
    /// <param name="current">What the field holds; null when it is not set.</param>
    /// <returns>What it holds now, never null: a wrapper without its field leaves the value as it is.</returns>
    /// <exception cref="InvalidProtocolBufferException">The input is malformed.</exception>
    static abstract T Read(ref WireReader reader, T? current);

    /// <summary>Merges the field of another message in.</summary>
    /// <param name="current">What the field holds; null when it is not set.</param>
    /// <param name="other">What the other message's field holds; null when it is not set.</param>
    /// <returns>What it holds now: the other value, unless that is null, or the default and there is a value already.</returns>
    static abstract T? Merge(T? current, T? other);
}
