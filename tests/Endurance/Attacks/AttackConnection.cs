// SPDX-License-Identifier: Apache-2.0
using Peregrine.TestKit;

namespace Endurance.Attacks;

/// <summary>What an attack knows of one of its connections, and the frames that attacks are made of.</summary>
internal sealed class AttackConnection
{
    private const string Service = "/endurance.Target/";

    private int _nextStream = 1;

    /// <summary>How many rounds went before.</summary>
    public int Round { get; set; }

    /// <summary>The stream that was opened last.</summary>
    public int Stream { get; private set; }

    public static byte[] Frame(RawFrameType type, byte flags, int stream, params byte[] payload) =>
        new RawFrame(type, flags, stream, payload).ToArray();

    /// <summary>The same octets several times.</summary>
    public static byte[] Repeat(int count, byte[] bytes)
    {
        byte[] all = new byte[count * bytes.Length];
        for (int i = 0; i < count; i++)
        {
            bytes.CopyTo(all, i * bytes.Length);
        }

        return all;
    }

    /// <summary>What <paramref name="one"/> makes, several times anew.</summary>
    public static byte[] Each(int count, Func<byte[]> one)
    {
        using MemoryStream all = new();
        for (int i = 0; i < count; i++)
        {
            all.Write(one());
        }

        return all.ToArray();
    }

    /// <summary>HEADERS of a new call.</summary>
    public byte[] Open(string method, params (string Name, string Value)[] more) => OpenBlock(HeaderBlock.Request(Service + method, more));

    /// <summary>HEADERS of a new call with a block of its own, in one frame.</summary>
    public byte[] OpenBlock(byte[] block) => Frame(RawFrameType.Headers, RawFrame.EndHeaders, NextStream(), block);

    /// <summary>Takes the next stream number.</summary>
    public int NextStream()
    {
        Stream = _nextStream;
        _nextStream += 2;
        return Stream;
    }

    /// <summary>DATA on the stream opened last.</summary>
    public byte[] Data(byte[] payload, bool end = false) => Frame(RawFrameType.Data, end ? RawFrame.EndStream : (byte)0, Stream, payload);

    /// <summary>DATA that holds one whole message and ends the stream opened last.</summary>
    public byte[] Message(byte[] message, byte compressed = 0) => Data(
        [compressed, (byte)(message.Length >> 24), (byte)(message.Length >> 16), (byte)(message.Length >> 8), (byte)message.Length, .. message],
        end: true);

    /// <summary>RST_STREAM with CANCEL of the stream opened last.</summary>
    public byte[] Reset() => RawFrame.OfNumbers(RawFrameType.RstStream, Stream, 8).ToArray();

    /// <summary>WINDOW_UPDATE of the stream opened last.</summary>
    public byte[] Window(uint increment) => RawFrame.OfNumbers(RawFrameType.WindowUpdate, Stream, increment).ToArray();
}
