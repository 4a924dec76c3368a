// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Protobuf.Wire;

/// <summary>The wire form of a message that is a map value or an extension: its length and its fields.</summary>
/// <typeparam name="T">The message type.</typeparam>
public readonly struct MessageCodec<T> : IValueCodec<T>
    where T : class, IGeneratedMessage<T>
{
    /// <inheritdoc/>
    public static WireType WireType => WireType.LengthDelimited;

    /// <inheritdoc/>
    public static int FixedSize => 0;

    /// <inheritdoc/>
    public static bool Merges => true;

    /// <inheritdoc/>
    public static T Default => T.Parser.CreateTemplate();

    /// <inheritdoc/>
    public static T Read(ref WireReader reader)
    {
        T message = T.Parser.CreateTemplate();
        reader.ReadMessage(message);
        return message;
    }

    /// <inheritdoc/>
    public static T ReadInto(ref WireReader reader, T current)
    {
        reader.ReadMessage(current);
        return current;
    }

    /// <inheritdoc/>
    public static void Write(ref WireWriter writer, T value) => writer.WriteMessageValue(value);

    /// <inheritdoc/>
    public static long Size(T value) => WireSize.Message(value);

    /// <inheritdoc/>
    public static long KnownSize(T value) => WireSize.Length(value.CachedSize) + (long)value.CachedSize;
}
