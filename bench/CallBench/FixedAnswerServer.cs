// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Bench.Calls;

namespace CallBench;

/// <summary>
/// The floor of <c>bench/server-cpu.sh</c>: sockets that look at the heads of frames only, and answer the end of each request by octets that are the same
/// but for the stream's number. No headers are decoded, no windows kept, no messages parsed, no handler called; one thread for each processor waits for its
/// part of the connections (epoll).
/// </summary>
internal static class FixedAnswerServer
{
    private const int FrameHeadLength = 9;
    private const int Data = 0;
    private const int Headers = 1;
    private const int Settings = 4;
    private const int Ping = 6;
    private const int WindowUpdate = 8;
    private const int Ack = 1;
    private const int EndStream = 1;
    private const int EndHeaders = 4;
    private const int BufferLength = 256 * 1024;
    private const int PrefaceLength = 24;

    // :status 200, and two fields that enter the client's table, whose places name them from then on (RFC 7541 section 6.1).
    private static readonly byte[] FirstAnswer = Answer([0x88, 0x5F, 16, .. "application/grpc"u8], [0x40, 11, .. "grpc-status"u8, 1, (byte)'0']);
    private static readonly byte[] NextAnswer = Answer([0x88, 0xBF], [0xBE]);

    public static void Run(Flags flags)
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, flags.Number("port", 0)));
        listener.Listen(512);
        Waiter[] waiters = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Waiter())];
        for (int accepted = 0; ; accepted++)
        {
            waiters[accepted % waiters.Length].Add(listener.Accept());
        }
    }

    // The length of the answer, which stands at the start of the output.
    private static int AnswerFrame(ReadOnlySpan<byte> frame, Span<byte> output, ref int answered)
    {
        int type = frame[3], flags = frame[4];
        switch (type)
        {
            case Settings when (flags & Ack) == 0:
                return WriteFrame(output, Settings, Ack, stream: 0, []);
            case Ping when (flags & Ack) == 0:
                return WriteFrame(output, Ping, Ack, stream: 0, frame[FrameHeadLength..]);
            case Data or Headers when (flags & EndStream) != 0:
                byte[] answer = answered++ == 0 ? FirstAnswer : NextAnswer;
                answer.CopyTo(output);
                ReadOnlySpan<byte> stream = frame[5..FrameHeadLength];
                for (int at = 0; at < answer.Length; at += FrameHeadLength + answer[at + 2])
                {
                    stream.CopyTo(output[(at + 5)..]);
                }

                return answer.Length;
            default:
                return 0;
        }
    }

    private static byte[] Answer(ReadOnlySpan<byte> head, ReadOnlySpan<byte> trailers)
    {
        // HelloRes { resMessage } behind the five octets of a gRPC message, as the other servers answer.
        byte[] text = Encoding.ASCII.GetBytes("Message send by SayHello server :Hello XiaoMing");
        byte[] message = [0, 0, 0, 0, (byte)(text.Length + 2), 0x0A, (byte)text.Length, .. text];
        byte[] answer = new byte[(3 * FrameHeadLength) + head.Length + message.Length + trailers.Length];
        int used = WriteFrame(answer, Headers, EndHeaders, stream: 1, head);
        used += WriteFrame(answer.AsSpan(used), Data, flags: 0, stream: 1, message);
        WriteFrame(answer.AsSpan(used), Headers, EndHeaders | EndStream, stream: 1, trailers);
        return answer;
    }

    private static int WriteFrame(Span<byte> output, int type, int flags, int stream, ReadOnlySpan<byte> payload)
    {
        BinaryPrimitives.WriteInt32BigEndian(output, (payload.Length << 8) | type);
        output[4] = (byte)flags;
        BinaryPrimitives.WriteInt32BigEndian(output[5..], stream);
        payload.CopyTo(output[FrameHeadLength..]);
        return FrameHeadLength + payload.Length;
    }

    /// <summary>A thread that waits for some of the connections, and its memory, which they share.</summary>
    private sealed class Waiter
    {
        private readonly Epoll _epoll = new();
        private readonly ConcurrentDictionary<uint, Connection> _connections = new();
        private readonly byte[] _input = new byte[BufferLength];
        private readonly byte[] _output = new byte[BufferLength];
        private uint _lastKey;

        public Waiter() => new Thread(Run) { IsBackground = true }.Start();

        public void Add(Socket socket)
        {
            socket.NoDelay = true;
            socket.Blocking = false;
            uint key = ++_lastKey;
            _connections[key] = new Connection(socket);
            _epoll.Add((int)socket.Handle, key);
        }

        private void Run()
        {
            while (true)
            {
                if (_epoll.Wait(out uint key) && !_connections[key].Serve(_input, _output)
                    && _connections.TryRemove(key, out Connection? ended))
                {
                    ended.Dispose();
                }
            }
        }
    }

    private sealed class Connection(Socket socket) : IDisposable
    {
        // The start of a frame whose end has not come.
        private byte[] _rest = [];
        private bool _hasPreface;
        private bool _hasSettings;
        private int _answered;

        public void Dispose() => socket.Dispose();

        /// <summary>Answers what has come. False: the client has gone.</summary>
        public bool Serve(byte[] input, byte[] output)
        {
            while (true)
            {
                _rest.CopyTo(input, 0);
                int read = socket.Receive(input.AsSpan(_rest.Length), SocketFlags.None, out SocketError error);
                if (read == 0)
                {
                    return error == SocketError.WouldBlock;
                }

                // epoll(7): a stream has no more when it gives less than what was asked for.
                bool isAll = _rest.Length + read < input.Length;
                if (!Answer(input.AsSpan(0, _rest.Length + read), output))
                {
                    return false;
                }

                if (isAll)
                {
                    return true;
                }
            }
        }

        private bool Answer(ReadOnlySpan<byte> input, byte[] output)
        {
            int used = 0;
            if (!_hasSettings)
            {
                // Without entries, and a window for the connection that no run uses up.
                _hasSettings = true;
                used = WriteFrame(output, Settings, flags: 0, stream: 0, []);
                used += WriteFrame(output.AsSpan(used), WindowUpdate, flags: 0, stream: 0, [0x7F, 0xFF, 0, 0]);
            }

            if (!_hasPreface && input.Length >= PrefaceLength)
            {
                _hasPreface = true;
                input = input[PrefaceLength..];
            }

            while (_hasPreface && input.Length >= FrameHeadLength
                && FrameHeadLength + ((input[0] << 16) | (input[1] << 8) | input[2]) is int size && size <= input.Length)
            {
                if (used > output.Length - size - FirstAnswer.Length && !Send(output, ref used))
                {
                    return false;
                }

                used += AnswerFrame(input[..size], output.AsSpan(used), ref _answered);
                input = input[size..];
            }

            _rest = input.ToArray();
            return Send(output, ref used);
        }

        private bool Send(byte[] output, ref int used)
        {
            for (int sent = 0; sent < used;)
            {
                sent += socket.Send(output.AsSpan(sent, used - sent), SocketFlags.None, out SocketError error);
                if (error == SocketError.WouldBlock)
                {
                    socket.Poll(TimeSpan.FromSeconds(10), SelectMode.SelectWrite);
                }
                else if (error != SocketError.Success)
                {
                    return false;
                }
            }

            used = 0;
            return true;
        }
    }
}
