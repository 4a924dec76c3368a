// SPDX-License-Identifier: Apache-2.0
using GrpcStudy;
using Peregrine;

/// <summary>Greets only callers with the token.</summary>
internal sealed class AuthenticatedGreeter : SayHello.SayHelloBase
{
    public override Task<HelloRes> SayHello(HelloReq request, ServerCallContext context)
    {
        TokenCredentials.Demand(context);
        return Task.FromResult(new HelloRes { ResMessage = "Message send by SayHello server :Hello " + request.MessageName });
    }
}
