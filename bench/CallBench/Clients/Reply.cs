// SPDX-License-Identifier: Apache-2.0
using Bench.Calls;

namespace CallBench.Clients;

/// <summary>Makes sure that what is measured was answered.</summary>
internal static class Reply
{
    public static void Check(Blob request, Blob? reply)
    {
        if (reply is null || reply.Data.Length != request.Data.Length)
        {
            throw new InvalidDataException($"Sent {request.Data.Length} octets and got {reply?.Data.Length ?? -1} back.");
        }
    }

    public static void CheckCount(int expected, int found)
    {
        if (expected != found)
        {
            throw new InvalidDataException($"Expected {expected} messages, got {found}.");
        }
    }
}
