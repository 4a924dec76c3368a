// SPDX-License-Identifier: Apache-2.0
using Grpc.Testing;
using Peregrine.Protobuf;

namespace Interop;

/// <summary>The messages that the descriptions of the cases speak of.</summary>
internal static class Messages
{
    public const int LargeRequest = 271828;

    public const int LargeResponse = 314159;

    public static Payload Zeros(int size) => new() { Body = UnsafeByteOperations.UnsafeWrap(new byte[size]) };

    public static SimpleRequest LargeUnaryRequest() => new() { ResponseSize = LargeResponse, Payload = Zeros(LargeRequest) };

    /// <summary>Asks for one response of a size, and carries a payload.</summary>
    public static StreamingOutputCallRequest Exchange(int responseSize, int payloadSize) => new()
    {
        ResponseParameters = { new ResponseParameters { Size = responseSize } },
        Payload = Zeros(payloadSize),
    };
}
