// SPDX-License-Identifier: Apache-2.0
using Peregrine;

namespace Interop.Server;

/// <summary>The token of the one caller that the server knows, in place of tokens that an authority signs.</summary>
internal sealed record BearerToken(string Value, string Username)
{
    /// <summary>The name of the caller.</summary>
    /// <exception cref="RpcException">UNAUTHENTICATED: the call carries another token, or none.</exception>
    public string Authenticate(ServerCallContext context) => context.RequestHeaders.GetValue("authorization") switch
    {
        var header when header == $"Bearer {Value}" => Username,
        null => throw new RpcException(new Status(StatusCode.Unauthenticated, "The call carries no token (authorization: Bearer TOKEN).")),
        _ => throw new RpcException(new Status(StatusCode.Unauthenticated, "The call's token is not the expected one.")),
    };
}
