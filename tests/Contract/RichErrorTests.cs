// SPDX-License-Identifier: Apache-2.0
using Google.Rpc;
using Greet;
using Peregrine;
using Peregrine.Client;
using Peregrine.Protobuf.WellKnownTypes;
using Xunit;
using Status = Google.Rpc.Status;

namespace Contract;

/// <summary>The error example: Google.Rpc.Status beside the status of calls, in both ways of telling them apart.</summary>
public class RichErrorTests
{
    private class ValidatingGreeter : Greeter.GreeterBase
    {
        public override Task<HelloReply> SayHello(HelloRequest request, ServerCallContext context)
        {
            ArgumentNotNullOrEmpty(request.Name);
            return Task.FromResult(new HelloReply { Message = "Hello " + request.Name });
        }

        private static void ArgumentNotNullOrEmpty(string value, string? fieldName = "name")
        {
            if (string.IsNullOrEmpty(value))
            {
                throw new Google.Rpc.Status
                {
                    Code = (int)Code.InvalidArgument,
                    Message = "Bad request",
                    Details =
                    {
                        Any.Pack(new BadRequest
                        {
                            FieldViolations =
                            {
                                new BadRequest.Types.FieldViolation { Field = fieldName, Description = "Value is null or empty" }
                            }
                        })
                    }
                }.ToRpcException();
            }
        }
    }

    [Fact]
    public async Task Details_travel_from_the_handler_to_the_caller()
    {
        await using var server = new RunningServer(Greeter.BindService(new ValidatingGreeter()));
        using var channel = GrpcChannel.ForAddress(server.Address);
        var client = new Greeter.GreeterClient(channel);
        try
        {
            await client.SayHelloAsync(new HelloRequest());
            Assert.Fail("The name was empty.");
        }
        catch (RpcException ex)
        {
            Assert.Equal("Bad request", ex.Status.Detail);
            var badRequest = ex.GetRpcStatus()?.GetDetail<BadRequest>();
            Assert.NotNull(badRequest);
            foreach (var fieldViolation in badRequest.FieldViolations)
            {
                Assert.Equal("name: Value is null or empty", $"{fieldViolation.Field}: {fieldViolation.Description}");
            }

            Assert.Single(badRequest.FieldViolations);
            Assert.Null(ex.GetRpcStatus()?.GetDetail<RetryInfo>());
        }
    }

    [Fact]
    public void The_alias_means_the_message_and_the_full_name_the_status_of_a_call()
    {
        Status rich = new Status { Code = (int)StatusCode.NotFound, Message = "m" };
        RpcException exception = rich.ToRpcException(StatusCode.NotFound, "n");
        Peregrine.Status status = exception.Status;
        Assert.Equal("n", status.Detail);
        Assert.Equal(rich, exception.Trailers.GetRpcStatus());
    }
}
