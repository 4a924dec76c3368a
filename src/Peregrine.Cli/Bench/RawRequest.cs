// SPDX-License-Identifier: Apache-2.0

using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Peregrine.Http2.Hpack;

namespace Peregrine.Cli.Bench;

/// <summary>The request of raw mode, encoded once: a header block, and messages with the five octets that stand before each.</summary>
internal sealed class RawRequest
{
    private const int PrefixLength = 5;

    /// <summary>Encodes it.</summary>
    public RawRequest(BenchPlan plan)
    {
        Messages = [.. plan.Requests.Select(Frame)];
        Headers = HeadersOf(plan);
    }

    /// <summary>The header block. Only one connection at a time may use it: make one for each.</summary>
    public OutgoingHeaders Headers { get; }

    /// <summary>The messages with their prefixes.</summary>
    public IReadOnlyList<byte[]> Messages { get; }

    /// <summary>Octets of a message without its prefix.</summary>
    public static int SizeOf(byte[] message) => message.Length - PrefixLength;

    private static byte[] Frame(byte[] message)
    {
        var framed = new byte[PrefixLength + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(framed.AsSpan(1), message.Length);
        message.CopyTo(framed, PrefixLength);
        return framed;
    }

    private static OutgoingHeaders HeadersOf(BenchPlan plan)
    {
        var headers = new OutgoingHeaders();
        headers.Add(new HeaderTemplate(":method", "POST"));
        headers.Add(new HeaderTemplate(":scheme", plan.Connection.UsesTls ? "https" : "http"));
        headers.Add(new HeaderTemplate(":path", $"/{plan.Service}/{plan.Method}"));
        headers.Add(new HeaderTemplate(":authority", RawSocket.AuthorityOf(plan.Connection)));
        if (plan.Timeout is { } timeout)
        {
            headers.Add(new HeaderTemplate("grpc-timeout", TimeoutText(timeout)));
        }

        headers.Add(new HeaderTemplate("te", "trailers"));
        headers.Add(new HeaderTemplate("content-type", "application/grpc"));
        headers.Add(new HeaderTemplate("user-agent", "peregrine-bench"));
        foreach (var header in plan.Connection.Headers)
        {
            headers.Add(header.IsBinary
                ? new HeaderTemplate(header.Key, Convert.ToBase64String(header.ValueBytes).TrimEnd('='))
                : new HeaderTemplate(Encoding.ASCII.GetBytes(header.Key), Encoding.ASCII.GetBytes(header.Value)));
        }

        return headers;
    }

    // At most eight digits: microseconds for short ones, milliseconds for what takes longer.
    private static string TimeoutText(TimeSpan timeout)
    {
        var microseconds = (long)timeout.TotalMicroseconds;
        return string.Create(CultureInfo.InvariantCulture, $"{(microseconds < 100_000_000 ? microseconds : microseconds / 1000)}{(microseconds < 100_000_000 ? 'u' : 'm')}");
    }
}
