// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Protobuf.Dynamic;

/// <summary>What is done with the codec of a field once the C# type of its values is known. Implemented by structs.</summary>
/// <typeparam name="TResult">What comes of it.</typeparam>
internal interface IFieldCodecUser<out TResult>
{
    /// <summary>The values are numbers, bools or enums, which have the type <see cref="int"/>.</summary>
    TResult UseNumber<T>(FieldCodec<T> codec)
        where T : unmanaged;

    /// <summary>The values are strings, byte strings, messages, or wrapper messages as nullable values.</summary>
    TResult UseObject<T>(FieldCodec<T> codec);
}
