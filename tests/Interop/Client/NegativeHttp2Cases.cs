// SPDX-License-Identifier: Apache-2.0
using Grpc.Testing;

namespace Interop.Client;

/// <summary>
/// The client's half of "negative-http2-interop-test-descriptions"; the server's is <see cref="Http2.NegativeHttp2Server"/>. That
/// text speaks of a response of 1024 bytes where the request asks for 314159; servers send what was asked for.
/// </summary>
internal static class NegativeHttp2Cases
{
    public static async Task GoAwayAsync(InteropTarget target)
    {
        await UnaryCases.LargeUnaryAsync(target);
        await UnaryCases.LargeUnaryAsync(target);
    }

    public static Task ResetAsync(InteropTarget target) => Expect.FailureAsync(
        () => target.Client.UnaryCallAsync(Messages.LargeUnaryRequest()).ResponseAsync, "the call that the server resets");

    public static async Task MaxStreamsAsync(InteropTarget target)
    {
        TestService.TestServiceClient client = target.Client;
        await UnaryCases.LargeUnaryAsync(client);
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => UnaryCases.LargeUnaryAsync(client)));
    }
}
