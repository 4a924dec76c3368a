// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine.Protobuf.Wire;

/// <summary>
/// The wire form of one kind of value, without its tag. Implemented by empty structs: as a type argument such a struct
/// selects the code of repeated and map fields at compile time, so that no call per element is virtual.
/// </summary>
/// <typeparam name="T">The type of the value in C#.</typeparam>
public interface IValueCodec<T>
{
    /// <summary>The wire type of a single value.</summary>
    static abstract WireType WireType { get; }

    /// <summary>The size of every value in bytes, or 0 when values differ in size.</summary>
    static abstract int FixedSize { get; }

    /// <summary>What a map entry holds when its value is absent; a new object for messages.</summary>
    static abstract T Default { get; }

    /// <summary>Reads one value.</summary>
    /// <exception cref="InvalidProtocolBufferException">The input is malformed.</exception>
    static abstract T Read(ref WireReader reader);

    /// <summary>Writes one value. For messages, the sizes found by the last <see cref="Size"/> are used.</summary>
    static abstract void Write(ref WireWriter writer, T value);

    /// <summary>The size of one value in bytes, length prefix included.</summary>
    static abstract long Size(T value);

    /// <summary>Whether the value is the low 32 bits of its varint, without a change.</summary>
    static virtual bool IsPlainInt32 => false;

    /// <summary>The value of a varint, where <see cref="WireType"/> is <see cref="WireType.Varint"/>.</summary>
    static virtual T FromVarint(ulong varint) => throw new NotSupportedException();

    /// <summary>The varint of a value, where <see cref="WireType"/> is <see cref="WireType.Varint"/>.</summary>
    static virtual ulong ToVarint(T value) => throw new NotSupportedException();

    /// <summary>Whether a value that is given twice is merged, as messages are; else the later one takes its place.</summary>
    static virtual bool Merges => false;

    /// <summary>Reads a value that was read before, where <see cref="Merges"/> says so.</summary>
    /// <param name="reader">The reader, behind the tag.</param>
    /// <param name="current">What was read before; a message is changed.</param>
    /// <returns>What both are together.</returns>
    /// <exception cref="InvalidProtocolBufferException">The input is malformed.</exception>
    static virtual T ReadInto(ref WireReader reader, T current) => throw new NotSupportedException();

    /// <summary>The same for a value whose <see cref="Size"/> was just found: of a message, the size that it keeps.</summary>
    static abstract long KnownSize(T value);
}
