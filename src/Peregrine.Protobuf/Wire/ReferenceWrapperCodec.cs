// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Protobuf.Wire;

/// <summary>
/// The wire form of a wrapper message (<c>google.protobuf.StringValue</c> and its kin) as a nullable value: a message whose
/// field 1 is the value, left out when it is the default.
/// </summary>
/// <typeparam name="T">The type of the wrapped value.</typeparam>
/// <typeparam name="TCodec">The codec of the wrapped value.</typeparam>
public readonly struct ReferenceWrapperCodec<T, TCodec> : IWrapperCodec<T?>
    where T : class
    where TCodec : struct, IValueCodec<T>
{
    private const int ValueFieldNumber = 1;

    /// <inheritdoc/>
    public static WireType WireType => WireType.LengthDelimited;

    /// <inheritdoc/>
    public static int FixedSize => 0;

    /// <inheritdoc/>
    public static bool Merges => true;

    /// <inheritdoc/>
    public static T? Default => TCodec.Default;

    private static uint ValueTag => ((uint)ValueFieldNumber << 3) | (uint)TCodec.WireType;

    /// <inheritdoc/>
    public static T? Read(ref WireReader reader) => Read(ref reader, null);

    /// <inheritdoc/>
    public static T? Read(ref WireReader reader, T? current)
    {
        T value = current ?? TCodec.Default;
        long outer = reader.EnterMessage();
        uint tag;
        while ((tag = reader.ReadTag()) != 0)
        {
            if (tag == ValueTag)
            {
                value = TCodec.Read(ref reader);
            }
            else
            {
                reader.SkipField(tag);
            }
        }

        reader.LeaveMessage(outer);
        return value;
    }

    /// <inheritdoc/>
    public static T? ReadInto(ref WireReader reader, T? current) => Read(ref reader, current);

    /// <inheritdoc/>
    public static T? Merge(T? current, T? other) => other is not null && (current is null || PayloadSize(other) != 0) ? other : current;

    /// <inheritdoc/>
    public static void Write(ref WireWriter writer, T? value)
    {
        int size = PayloadSize(value);
        writer.WriteLength(size);
        if (size != 0)
        {
            writer.WriteTag(ValueTag);
            TCodec.Write(ref writer, value!);
        }
    }

    /// <inheritdoc/>
    public static long Size(T? value)
    {
        int size = PayloadSize(value);
        return WireSize.Length(size) + size;
    }

    /// <inheritdoc/>
    public static long KnownSize(T? value) => Size(value);

    private static int PayloadSize(T? value) =>
        value is not { } set || ValueEquality<T>.Equals(set, TCodec.Default) ? 0 : WireSize.Total(1 + TCodec.Size(set));
}
