// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Peregrine.Http2;
using Peregrine.TestKit;

namespace Http2Fuzz;

/// <summary>
/// What a peer sends, to a server and to a client: whole connections, and header blocks alone. For each input: nothing is thrown; what is
/// told does not depend on how the octets were cut; no stream ends twice, and nothing is told of a connection that has ended; what
/// is sent is whole frames that the role may send; all memory comes back.
/// </summary>
internal static class Targets
{
    private const byte EndStream = 1;
    private const byte EndHeaders = 4;

    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("server", ServerSeeds(), input => Run(Http2Role.Server, input)),
        new("client", ClientSeeds(), input => Run(Http2Role.Client, input)),
        new("headers", HeaderSeeds(), RunHeaders),
    ];

    private static string Run(Http2Role role, byte[] input)
    {
        string whole = new PassiveOwner(role).Run([input]);
        string split = new PassiveOwner(role).Run(Cut(input));
        if (whole != split)
        {
            throw new InvalidDataException($"It is told differently when it comes in pieces:\n{whole}\n--- in pieces:\n{split}");
        }

        new BusyOwner(role, input.Length).Run(Cut(input));
        return PassiveOwner.Shape(whole);
    }

    private static string RunHeaders(byte[] block)
    {
        const int largestFrame = 16384;
        byte[] cut = block.Length > largestFrame ? block[..largestFrame] : block;
        return Run(Http2Role.Server, [.. Opening, .. Frame(RawFrameType.Headers, EndHeaders | EndStream, 1, cut), .. Frame(RawFrameType.Ping, 0, 0, new byte[8])]);
    }

    // Pieces of one octet, of two, and so on: the places of the cuts depend on the length of the input alone.
    private static IEnumerable<byte[]> Cut(byte[] input)
    {
        int length = 1;
        for (int at = 0; at < input.Length; at += length, length = (length % 17) + 1)
        {
            yield return input[at..Math.Min(input.Length, at + length)];
        }
    }

    private static byte[] Opening => [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Frame(RawFrameType.Settings, 0, 0), .. Frame(RawFrameType.Settings, 1, 0)];

    private static byte[] Frame(RawFrameType type, byte flags, int stream, params byte[] payload) =>
        new RawFrame(type, flags, stream, payload).ToArray();

    private static byte[] Field(string name, string value, byte first = 0) =>
        [first, (byte)name.Length, .. Encoding.Latin1.GetBytes(name), (byte)value.Length, .. Encoding.Latin1.GetBytes(value)];

    private static byte[] Request =>
    [
        0x83, 0x86, .. Field(":path", "/a.B/C"), .. Field(":authority", "localhost"), .. Field("te", "trailers"),
        .. Field("content-type", "application/grpc", 0x40), .. Field("grpc-timeout", "1S", 0x10),
    ];

    private static byte[][] ServerSeeds() =>
    [
        [.. Opening, .. Frame(RawFrameType.Headers, EndHeaders, 1, Request), .. Frame(RawFrameType.Data, EndStream, 1, 0, 0, 0, 0, 1, 65)],
        [
            .. Opening, .. Frame(RawFrameType.Headers, 0, 1, Request[..20]), .. Frame(RawFrameType.Continuation, EndHeaders, 1, Request[20..]),
            .. Frame(RawFrameType.Data, RawFrame.Padded, 1, 2, 65, 0, 0), .. Frame(RawFrameType.RstStream, 0, 1, 0, 0, 0, 8),
        ],
        [
            .. Opening, .. Frame(RawFrameType.Settings, 0, 0, 0, 4, 0, 0, 0, 10, 0, 1, 0, 0, 0, 0), .. Frame(RawFrameType.Headers, EndHeaders | EndStream, 1, Request),
            .. Frame(RawFrameType.WindowUpdate, 0, 1, 0, 0, 0, 9), .. Frame(RawFrameType.WindowUpdate, 0, 0, 0, 0, 0, 9),
            .. Frame(RawFrameType.Ping, 0, 0, new byte[8]), .. Frame(RawFrameType.Priority, 0, 3, 0, 0, 0, 1, 16),
        ],
        [
            .. Opening, .. Frame(RawFrameType.Headers, EndHeaders | EndStream, 1, Request), .. Frame(RawFrameType.Headers, EndHeaders | EndStream, 3, [0x83, 0x86, 0xBE, .. Field(":path", "/a.B/C")]),
            .. Frame(RawFrameType.GoAway, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), .. Frame((RawFrameType)0x20, 0, 0, 1, 2, 3),
        ],
        [.. "GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8],
    ];

    private static byte[][] ClientSeeds()
    {
        byte[] head = [0x88, .. Field("content-type", "application/grpc", 0x40)];
        byte[] trailers = [.. Field("grpc-status", "0"), .. Field("grpc-message", "")];
        byte[] settings = Frame(RawFrameType.Settings, 0, 0, 0, 3, 0, 0, 0, 100);
        return
        [
            [
                .. settings, .. Frame(RawFrameType.Settings, 1, 0), .. Frame(RawFrameType.Headers, EndHeaders, 1, head),
                .. Frame(RawFrameType.Data, 0, 1, 0, 0, 0, 0, 1, 65), .. Frame(RawFrameType.Headers, EndHeaders | EndStream, 1, trailers),
            ],
            [
                .. settings, .. Frame(RawFrameType.Headers, EndHeaders, 1, 0x08, 3, (byte)'1', (byte)'0', (byte)'3'),
                .. Frame(RawFrameType.Headers, EndHeaders | EndStream, 1, [.. head, .. trailers]),
            ],
            [.. settings, .. Frame(RawFrameType.RstStream, 0, 1, 0, 0, 0, 7), .. Frame(RawFrameType.GoAway, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0), .. Frame(RawFrameType.RstStream, 0, 3, 0, 0, 0, 0)],
            [.. settings, .. Frame((RawFrameType)5, EndHeaders, 1, 0, 0, 0, 2, 0x82), .. Frame(RawFrameType.Ping, 1, 0, new byte[8])],
            [.. Frame(RawFrameType.Settings, 0, 0, 0, 4, 0, 0, 0, 0, 0, 5, 0, 0, 0x40, 0), .. Frame(RawFrameType.WindowUpdate, 0, 3, 0x7F, 0xFF, 0xFF, 0xFF)],
        ];
    }

    private static byte[][] HeaderSeeds() =>
    [
        Request,
        [.. Request, 0x3F, 0xE1, 0x1F, .. Field("a", "b", 0x40), 0xBE],
        [0x20, .. Request, .. Field("x-bin", "AAEC"), .. Field("x", "y", 0x10)],
        [0x83, 0x86, 0x44, 0x84, 0x60, 0x75, 0x99, 0x8F, 0x41, 0x8A, 0xA0, 0xE4, 0x1D, 0x13, 0x9D, 0x09, 0xB8, 0xF0, 0x1E, 0x07],
        [.. Field(":method", "POST"), .. Field(":scheme", "https"), .. Field(":path", "/x"), .. Field("content-length", "12")],
    ];
}
