// SPDX-License-Identifier: Apache-2.0
using Grpc.Testing;

namespace Interop.Client;

internal static class UnaryCases
{
    public static async Task EmptyUnaryAsync(InteropTarget target)
    {
        Empty response = await target.Client.EmptyCallAsync(new Empty());
        Expect.Equal(0, response.CalculateSize(), "size of the empty response");
    }

    public static Task LargeUnaryAsync(InteropTarget target) => LargeUnaryAsync(target.Client);

    public static async Task LargeUnaryAsync(TestService.TestServiceClient client)
    {
        SimpleResponse response = await client.UnaryCallAsync(Messages.LargeUnaryRequest());
        Expect.Zeros(Messages.LargeResponse, response.Payload, "response");
    }
}
