// SPDX-License-Identifier: Apache-2.0
using System.IO.Compression;
using Endurance.Protocol;
using Peregrine.Protobuf;
using Peregrine.TestKit;
using static Endurance.Attacks.AttackConnection;

namespace Endurance.Attacks;

/// <summary>The attacks on HTTP/2 and gRPC that are known, each as the frames that it sends.</summary>
internal static class KnownAttacks
{
    private const ushort InitialWindowSize = 4;
    private const int SixteenKilobytes = 16 << 10;

    // Each message of the stream is 64 kB: what an attacker asks for and does not take.
    private static readonly byte[] Download = new Expansion { Messages = 1_000_000, OctetsEach = 64 << 10 }.ToByteArray();

    // The entry that came last into the table, as a whole field.
    private static readonly byte[] NewestEntry = [0xBE];
    private static readonly byte[] Nothing = [0, 0, 0, 0, 0];
    private static readonly byte[] Bomb = CompressedZeros(100 << 20);

    // The heads of a TLS record of 512 octets and of the ClientHello in it (RFC 8446 sections 5.1 and 4), and its version.
    private static readonly byte[] BeginningOfClientHello = [22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3];

    public static IReadOnlyList<Attack> All { get; } =
    [
        // Streams opened and given up.
        new("rapid-reset", Outcome.Calm, c => Each(100, () => [.. c.Open("Wait"), .. c.Reset()])),
        new("made-you-reset", Outcome.Calm, c => Each(100, () => [.. c.Open("Wait"), .. c.Window(0)])),
        new("made-you-reset-by-data", Outcome.Calm, c => Each(100, () => [.. c.Open("Wait"), .. c.Data(Nothing, end: true), .. c.Data(Nothing)])),
        new("window-left-on-reset-streams", Outcome.Bounded, c => [.. c.Open("Collect"), .. c.Data(new byte[15_000]), .. c.Reset()])
        {
            Rounds = 64,
        },
        new("stream-numbers-used-up", Outcome.Ends, c =>
        [
            .. Frame(RawFrameType.Headers, RawFrame.EndHeaders, int.MaxValue, HeaderBlock.Request("/endurance.Target/Wait")),
            .. Frame(RawFrameType.Headers, RawFrame.EndHeaders, 1, HeaderBlock.Request("/endurance.Target/Wait")),
        ])
        {
            Rounds = 1, Holds = true,
        },

        // Frames that carry nothing.
        new("ping-flood", Outcome.Calm, _ => Repeat(500, Frame(RawFrameType.Ping, 0, 0, new byte[8]))),
        new("settings-flood", Outcome.Calm, _ => Repeat(500, Frame(RawFrameType.Settings, 0, 0))),
        new("empty-data-flood", Outcome.Calm, c => Repeat(500, c.Data([]))) { Opening = c => c.Open("Collect") },
        new("priority-flood", Outcome.Calm, _ => Repeat(500, Frame(RawFrameType.Priority, 0, 1, 0, 0, 0, 0, 16))),
        new("window-update-flood", Outcome.Calm, c => Repeat(500, c.Window(1))) { Opening = c => c.Open("Collect") },
        new("window-size-thrash", Outcome.Calm, c => RawConnection.Settings((InitialWindowSize, (uint)(c.Round % 2 == 0 ? 1 : 65535))))
        {
            Opening = c => Each(500, () => c.Open("Wait")),
        },
        new("unread-replies", Outcome.Ends, _ => Repeat(100, Frame(RawFrameType.Ping, 0, 0, new byte[8])))
        {
            // Its GOAWAY cannot leave either; the server waits for that a moment, and closes.
            Reads = false, LeastSeconds = 8,
        },

        // Header blocks.
        new("continuation-flood", Outcome.Calm, c => c.Round == 0
            ? Frame(RawFrameType.Headers, 0, c.NextStream(), HeaderBlock.Request("/endurance.Target/Wait"))
            : Frame(RawFrameType.Continuation, 0, c.Stream, HeaderBlock.Field("x", "y"))),
        new("huge-headers", Outcome.Calm, c => c.Round == 0
            ? Frame(RawFrameType.Headers, 0, c.NextStream(), HeaderBlock.Request("/endurance.Target/Wait"))
            : Frame(RawFrameType.Continuation, 0, c.Stream, HeaderBlock.Field("x", new string('y', 16_000)))),
        new("hpack-bomb", Outcome.Bounded, c => c.OpenBlock([.. HeaderBlock.Request("/endurance.Target/Echo"), .. Repeat(4000, NewestEntry)]))
        {
            Opening = c => c.OpenBlock([.. HeaderBlock.Request("/endurance.Target/Wait"), .. HeaderBlock.IndexedField("bomb", new string('b', 4000))]),
        },
        new("references-behind-a-closed-window", Outcome.Bounded, c =>
            Each(100, () => [.. c.OpenBlock([.. HeaderBlock.Request("/endurance.Target/Echo"), NewestEntry[0]]), .. c.Message([])]))
        {
            Opening = c => c.OpenBlock([.. HeaderBlock.Request("/endurance.Target/Wait"), .. HeaderBlock.IndexedField("bomb", new string('b', 4000))]),
            Settings = [(InitialWindowSize, 0)],
            Rounds = 10, Holds = true, Connections = 4,
        },

        // Windows, and readers and writers that stall.
        new("zero-window", Outcome.Bounded, c => Each(100, () => [.. c.Open("Expand"), .. c.Message(Download)]))
        {
            Settings = [(InitialWindowSize, 0)],
            // The budget of 64 MiB a connection counts octets, which lie in arrays of up to twice the size.
            Rounds = 5, Holds = true, Connections = 2, MemoryBound = 300,
        },
        new("one-octet-window", Outcome.Bounded, c => c.Window(1))
        {
            Opening = c => [.. c.Open("Expand"), .. c.Message(Download)],
            Settings = [(InitialWindowSize, 1)],
        },
        new("slow-reader", Outcome.Bounded, c => [.. c.Open("Expand"), .. c.Message(Download), .. c.Window(int.MaxValue - 65535)])
        {
            Opening = _ => RawFrame.OfNumbers(RawFrameType.WindowUpdate, 0, int.MaxValue - 65535).ToArray(),
            Reads = false, Rounds = 100, Holds = true, Connections = 2, MemoryBound = 250,
        },
        new("slow-writer", Outcome.Bounded, c => [c.Open("Collect")[c.Round]]) { Rounds = 50, Holds = true, Connections = 100 },
        new("tiny-padded-data", Outcome.Bounded, c => Repeat(60, Frame(RawFrameType.Data, RawFrame.Padded, c.Stream, [254, 7, .. new byte[254]])))
        {
            Opening = c => [.. c.Open("Wait"), .. c.Data([0, 0, 64, 0, 0])],
            Rounds = 4, Holds = true, Connections = 8,
        },

        // Messages.
        new("compression-bomb", Outcome.Bounded, c => Compressed(c, Bomb)) { Rounds = 4 },
        new("broken-compression", Outcome.Bounded, c => Compressed(c, [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, .. new byte[1000]])) { Rounds = 500 },
        new("huge-length-prefix", Outcome.Bounded, c => Each(20, () => [.. c.Open("Echo"), .. c.Data([0, 255, 255, 255, 255, .. new byte[100]])])),
        new("half-messages", Outcome.Bounded, c => [.. c.Open("Echo"), .. c.Data([0, 0, 63, 255, 255, .. new byte[10_000]])])
        {
            Rounds = 100, Holds = true, Connections = 2,
        },
        new("bad-base64", Outcome.Bounded, c => Each(50, () => c.Open("Echo", ("x-bin", "?not base64?")))),
        new("bad-paths", Outcome.Bounded, c => Each(50, () => c.OpenBlock(HeaderBlock.Request("endurance.Target/../Echo")))),

        // Connections.
        new("silent-connections", Outcome.Bounded, _ => []) { SpeaksHttp2 = false, Rounds = 1, Holds = true, Connections = 500 },
        new("no-preface-in-time", Outcome.Ends, _ => "PRI * HTTP/2.0\r\n"u8.ToArray())
        {
            SpeaksHttp2 = false, Rounds = 1, Holds = true, Connections = 500, HandshakeSeconds = 2, LeastSeconds = 5,
        },
        new("no-tls-handshake-in-time", Outcome.Ends, _ => BeginningOfClientHello)
        {
            SpeaksHttp2 = false, IsTlsExpected = true, Rounds = 1, Holds = true, Connections = 500, HandshakeSeconds = 2, LeastSeconds = 5,
        },
        new("garbage", Outcome.Ends, _ => Repeat(64, "garbage "u8.ToArray())) { SpeaksHttp2 = false },
    ];

    /// <exception cref="UsageException">There is no such attack.</exception>
    public static Attack Find(string name) => All.FirstOrDefault(attack => attack.Name == name)
        ?? throw new UsageException($"No attack is called \"{name}\". There are: {string.Join(", ", All.Select(attack => attack.Name))}.");

    private static byte[] Compressed(AttackConnection connection, byte[] bytes)
    {
        byte[] head = connection.Open("Echo", ("grpc-encoding", "gzip"));
        byte[] framed = [1, (byte)(bytes.Length >> 24), (byte)(bytes.Length >> 16), (byte)(bytes.Length >> 8), (byte)bytes.Length, .. bytes];
        IEnumerable<byte> frames = framed.Chunk(SixteenKilobytes).SelectMany(chunk => connection.Data(chunk));
        return [.. head, .. frames, .. connection.Data([], end: true)];
    }

    private static byte[] CompressedZeros(int length)
    {
        using MemoryStream compressed = new();
        using (GZipStream gzip = new(compressed, CompressionLevel.SmallestSize))
        {
            gzip.Write(new byte[length]);
        }

        return compressed.ToArray();
    }
}
