// SPDX-License-Identifier: Apache-2.0
using Peregrine;

/// <summary>Both halves of the tutorial's token: what the client adds to each call, and what the server asks for.</summary>
internal static class TokenCredentials
{
    private const string User = "xiaoming";
    private const string Token = "123321123";

    /// <summary>
    /// Adds user and token to each call. The tutorial's credentials answer false when asked whether they require transport
    /// security; with true, a call on a plaintext channel fails with UNAUTHENTICATED before anything is sent.
    /// </summary>
    public static CallCredentials Create(string token = Token) => CallCredentials.FromInterceptor(
        (context, metadata) =>
        {
            metadata.Add("user", User);
            metadata.Add("token", token);
            return Task.CompletedTask;
        },
        requireTransportSecurity: false);

    /// <summary>Throws UNAUTHENTICATED unless the call carries user and token.</summary>
    public static void Demand(ServerCallContext context)
    {
        string? user = context.RequestHeaders.GetValue("user");
        string? token = context.RequestHeaders.GetValue("token");
        if (user is null || token is null)
        {
            throw new RpcException(new Status(StatusCode.Unauthenticated, "no token: send the metadata \"user\" and \"token\""));
        }

        if (user != User || token != Token)
        {
            throw new RpcException(new Status(StatusCode.Unauthenticated, "wrong token"));
        }
    }
}
