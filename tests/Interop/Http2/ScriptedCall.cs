// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Buffers.Binary;
using Grpc.Testing;
using Peregrine.Protobuf;
using Peregrine.TestKit;

namespace Interop.Http2;

/// <summary>A UnaryCall as frames: what a script answers it with. Every method sends at once.</summary>
internal sealed class ScriptedCall(FrameConnection connection, int stream)
{
    private const int PrefixLength = 5;
    private const int LargestFrame = 16384;

    // RFC 7541 section 6: what needs no table of our own.
    private const byte Status200 = 0x88;
    private static readonly byte[] ContentTypeName = [0x0f, 0x10];
    private static readonly byte[] NewName = [0x00];

    private readonly ArrayBufferWriter<byte> _request = new();

    public FrameConnection Connection => connection;

    public int Stream => stream;

    /// <summary>Takes in what a DATA frame of the request carries.</summary>
    public void Receive(ReadOnlySpan<byte> data) => _request.Write(data);

    /// <summary>The response, behind its prefix, as the request wants it.</summary>
    /// <exception cref="InvalidDataException">The request is not one message.</exception>
    public byte[] Response()
    {
        ReadOnlySpan<byte> request = _request.WrittenSpan;
        if (request.Length < PrefixLength || request.Length - PrefixLength != BinaryPrimitives.ReadInt32BigEndian(request[1..]))
        {
            throw new InvalidDataException($"The request on stream {stream} is not one length-prefixed message.");
        }

        SimpleRequest parsed = SimpleRequest.Parser.ParseFrom(request[PrefixLength..]);
        byte[] message = new SimpleResponse { Payload = Messages.Zeros(parsed.ResponseSize) }.ToByteArray();
        byte[] framed = new byte[PrefixLength + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(framed.AsSpan(1), message.Length);
        message.CopyTo(framed.AsSpan(PrefixLength));
        return framed;
    }

    public Task SendHeadersAsync() => connection.SendAsync(new RawFrame(
        RawFrameType.Headers, RawFrame.EndHeaders, stream, [Status200, .. ContentTypeName, .. Text("application/grpc")]));

    public Task SendTrailersAsync() => connection.EndAsync(new RawFrame(
        RawFrameType.Headers, RawFrame.EndHeaders | RawFrame.EndStream, stream, [.. NewName, .. Text("grpc-status"), .. Text("0")]));

    /// <summary>RST_STREAM with error code 0.</summary>
    public Task ResetAsync() => connection.EndAsync(RawFrame.OfNumbers(RawFrameType.RstStream, stream, 0));

    public Task SendDataAsync(ReadOnlyMemory<byte> data) => SendDataAsync(data, LargestFrame, padding: null);

    /// <summary>Sends data in pieces of a size, each with so much padding, as the windows allow.</summary>
    public async Task SendDataAsync(ReadOnlyMemory<byte> data, int pieceLength, byte? padding)
    {
        // Small frames leave together, up to what the windows take.
        List<RawFrame> frames = [];
        for (int sent = 0; sent < data.Length; sent += pieceLength)
        {
            RawFrame frame = DataFrame(data.Span[sent..Math.Min(sent + pieceLength, data.Length)], padding);
            if (!connection.Windows.TryTake(stream, frame.Payload.Length))
            {
                await connection.SendAsync([.. frames]);
                frames.Clear();
                await connection.Windows.TakeAsync(stream, frame.Payload.Length);
            }

            frames.Add(frame);
        }

        await connection.SendAsync([.. frames]);
    }

    private RawFrame DataFrame(ReadOnlySpan<byte> piece, byte? padding) => padding is { } length
        ? new RawFrame(RawFrameType.Data, RawFrame.Padded, stream, [length, .. piece, .. new byte[length]])
        : new RawFrame(RawFrameType.Data, 0, stream, piece.ToArray());

    // A string without Huffman coding, shorter than 127 octets.
    private static byte[] Text(string text) => [(byte)text.Length, .. System.Text.Encoding.ASCII.GetBytes(text)];
}
