// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.IO.Pipelines;
using Bench.Calls;
using Peregrine.Protobuf;

namespace KestrelServer;

/// <summary>Reads the messages of a request's body, one after the other.</summary>
internal struct RequestReader<T>(PipeReader body, MessageParser<T> parser)
    where T : class, IMessage<T>
{
    /// <summary>The next message; null at the end.</summary>
    public readonly async ValueTask<T?> ReadAsync()
    {
        while (true)
        {
            ReadResult read = await body.ReadAsync();
            ReadOnlySequence<byte> bytes = read.Buffer;
            if (MessageFrame.TryRead(ref bytes, parser, out T? message))
            {
                body.AdvanceTo(bytes.Start);
                return message;
            }

            if (read.IsCompleted)
            {
                return bytes.IsEmpty ? null : throw new InvalidDataException("the request ends inside a message");
            }

            body.AdvanceTo(bytes.Start, bytes.End);
        }
    }
}
