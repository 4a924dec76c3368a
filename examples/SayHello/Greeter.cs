// SPDX-License-Identifier: Apache-2.0
using GrpcStudy;
using Peregrine;

/// <summary>The service of the tutorial's first chapters.</summary>
internal sealed class Greeter : SayHello.SayHelloBase
{
    public override Task<HelloRes> SayHello(HelloReq request, ServerCallContext context) =>
        Task.FromResult(new HelloRes { ResMessage = "Message send by SayHello server :Hello " + request.MessageName });
}
