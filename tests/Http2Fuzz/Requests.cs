// SPDX-License-Identifier: Apache-2.0
using Peregrine.Http2;
using Peregrine.Http2.Hpack;

namespace Http2Fuzz;

/// <summary>The requests of a client under test.</summary>
internal static class Requests
{
    public static void Open(Http2Connection connection, int count)
    {
        for (int i = 0; i < count && connection.CanOpenStream; i++)
        {
            OutgoingHeaders headers = new();
            headers.Add(":method"u8, "POST"u8);
            headers.Add(":scheme"u8, "http"u8);
            headers.Add(":path"u8, "/a.B/C"u8);
            headers.Add(":authority"u8, "localhost"u8);
            connection.OpenStream(headers, endStream: i % 2 == 1);
        }
    }
}
