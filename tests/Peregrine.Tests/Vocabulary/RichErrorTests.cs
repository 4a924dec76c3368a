// SPDX-License-Identifier: Apache-2.0
using Google.Rpc;
using Peregrine.Protobuf;
using Peregrine.Protobuf.WellKnownTypes;

namespace Peregrine.Tests.Vocabulary;

/// <summary>google.rpc.Status in trailers: the details never lose the status, and their code is the call's.</summary>
public class RichErrorTests
{
    private static readonly Google.Rpc.Status Error = new()
    {
        Code = (int)Code.InvalidArgument,
        Message = "Bad request",
        Details =
        {
            Any.Pack(new ErrorInfo { Reason = "NAME", Domain = "test" }),
            Any.Pack(new BadRequest { FieldViolations = { new BadRequest.Types.FieldViolation { Field = "name", Description = "empty" } } }),
        },
    };

    [Fact]
    public void An_error_becomes_an_exception_and_comes_back_whole()
    {
        RpcException exception = Error.ToRpcException();
        Assert.Equal(StatusCode.InvalidArgument, exception.StatusCode);
        Assert.Equal("Bad request", exception.Status.Detail);
        Assert.Equal("grpc-status-details-bin", Assert.Single(exception.Trailers).Key);
        Assert.Equal(Error, exception.GetRpcStatus());
        Assert.Equal("name", exception.GetRpcStatus()!.GetDetail<BadRequest>()!.FieldViolations[0].Field);
        Assert.Null(exception.GetRpcStatus()!.GetDetail<RetryInfo>());
        Assert.Equal([typeof(ErrorInfo), typeof(BadRequest)], Error.UnpackDetailMessages().Select(detail => detail.GetType()));
    }

    [Fact]
    public void The_code_of_the_details_equals_the_code_of_the_call()
    {
        RpcException exception = Error.ToRpcException(StatusCode.NotFound, "other");
        Assert.Equal("other", exception.Status.Detail);
        Assert.Equal((int)StatusCode.NotFound, exception.GetRpcStatus()!.Code);
        Assert.Equal("Bad request", exception.GetRpcStatus()!.Message);
        Assert.Equal((int)Code.InvalidArgument, Error.Code);
    }

    [Fact]
    public void A_code_outside_0_to_16_becomes_UNKNOWN()
    {
        RpcException exception = new Google.Rpc.Status { Code = 99 }.ToRpcException();
        Assert.Equal(StatusCode.Unknown, exception.StatusCode);
        Assert.Equal((int)StatusCode.Unknown, exception.GetRpcStatus()!.Code);
    }

    [Fact]
    public void Broken_details_leave_the_status_of_the_exception()
    {
        var trailers = new Metadata { { MetadataExtensions.StatusDetailsTrailerName, [0x0A, 0xFF] } };
        var exception = new RpcException(new Status(StatusCode.DataLoss, "lost"), trailers);
        Assert.Null(exception.GetRpcStatus());
        Assert.Equal(StatusCode.DataLoss, exception.StatusCode);
        Assert.Null(trailers.GetRpcStatus(ignoreParseError: true));
        Assert.Throws<InvalidProtocolBufferException>(() => trailers.GetRpcStatus());
        Assert.Null(new RpcException(Status.DefaultCancelled).GetRpcStatus());
    }

    [Fact]
    public void Of_several_errors_the_last_counts_and_setting_replaces_them_all()
    {
        var trailers = new Metadata
        {
            { MetadataExtensions.StatusDetailsTrailerName, new Google.Rpc.Status { Code = 1 }.ToByteArray() },
            { "other", "kept" },
            { MetadataExtensions.StatusDetailsTrailerName, new Google.Rpc.Status { Code = 2 }.ToByteArray() },
        };
        Assert.Equal(2, trailers.GetRpcStatus()!.Code);
        trailers.SetRpcStatus(Error);
        Assert.Equal(["other", MetadataExtensions.StatusDetailsTrailerName], trailers.Select(entry => entry.Key));
        Assert.Equal(Error, trailers.GetRpcStatus());
    }
}
