// SPDX-License-Identifier: Apache-2.0
using Peregrine.Protocol;

namespace Peregrine.Tests.Protocol;

public class StatusMappingTests
{
    [Theory]
    [InlineData(400, StatusCode.Internal)]
    [InlineData(401, StatusCode.Unauthenticated)]
    [InlineData(403, StatusCode.PermissionDenied)]
    [InlineData(404, StatusCode.Unimplemented)]
    [InlineData(429, StatusCode.Unavailable)]
    [InlineData(431, StatusCode.Internal)]
    [InlineData(502, StatusCode.Unavailable)]
    [InlineData(503, StatusCode.Unavailable)]
    [InlineData(504, StatusCode.Unavailable)]
    [InlineData(409, StatusCode.Unknown)]
    [InlineData(412, StatusCode.Unknown)]
    [InlineData(413, StatusCode.Unknown)]
    [InlineData(415, StatusCode.Unknown)]
    [InlineData(418, StatusCode.Unknown)]
    [InlineData(500, StatusCode.Unknown)]
    [InlineData(505, StatusCode.Unknown)]
    [InlineData(800, StatusCode.Unknown)]
    [InlineData(200, StatusCode.Unknown)]
    public void Http_status_without_grpc_status_maps_by_the_table(int http, StatusCode expected) =>
        Assert.Equal(expected, StatusMapping.FromHttpStatus(http));

    [Theory]
    [InlineData(0u, StatusCode.Internal)]
    [InlineData(1u, StatusCode.Internal)]
    [InlineData(2u, StatusCode.Internal)]
    [InlineData(3u, StatusCode.Internal)]
    [InlineData(4u, StatusCode.Internal)]
    [InlineData(6u, StatusCode.Internal)]
    [InlineData(7u, StatusCode.Unavailable)]
    [InlineData(8u, StatusCode.Cancelled)]
    [InlineData(9u, StatusCode.Internal)]
    [InlineData(10u, StatusCode.Internal)]
    [InlineData(11u, StatusCode.ResourceExhausted)]
    [InlineData(12u, StatusCode.PermissionDenied)]
    [InlineData(0xFFFFu, StatusCode.Internal)]
    public void Reset_code_maps_by_the_table(uint code, StatusCode expected) =>
        Assert.Equal(expected, StatusMapping.FromResetCode(code));

    [Theory]
    [InlineData(-1)]
    [InlineData(17)]
    [InlineData(int.MaxValue)]
    public void A_status_number_out_of_range_is_UNKNOWN(int number) =>
        Assert.Equal(StatusCode.Unknown, StatusMapping.FromNumber(number));

    [Fact]
    public void A_handler_exception_is_UNKNOWN_and_its_text_is_hidden_unless_asked_for()
    {
        var exception = new InvalidOperationException("the password is 1234");
        Status hidden = StatusMapping.FromHandlerException(exception, includeDetails: false);
        Assert.Equal(StatusCode.Unknown, hidden.StatusCode);
        Assert.DoesNotContain("1234", hidden.Detail, StringComparison.Ordinal);
        Assert.Same(exception, hidden.DebugException);
        Assert.Contains("1234", StatusMapping.FromHandlerException(exception, includeDetails: true).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void An_RpcException_of_a_handler_keeps_its_status_unless_it_says_OK()
    {
        var status = new Status(StatusCode.NotFound, "no such book");
        Assert.Equal(status, StatusMapping.FromHandlerException(new RpcException(status), false));
        Assert.Equal(
            StatusCode.Unknown, StatusMapping.FromHandlerException(new RpcException(Status.DefaultSuccess), false).StatusCode);
    }

    [Theory]
    [InlineData(StatusCode.InvalidArgument)]
    [InlineData(StatusCode.NotFound)]
    [InlineData(StatusCode.AlreadyExists)]
    [InlineData(StatusCode.FailedPrecondition)]
    [InlineData(StatusCode.Aborted)]
    [InlineData(StatusCode.OutOfRange)]
    [InlineData(StatusCode.DataLoss)]
    [InlineData(StatusCode.OK)]
    public void Codes_reserved_to_applications_become_INTERNAL_when_the_control_plane_makes_them(StatusCode code)
    {
        Status mapped = StatusMapping.FromControlPlane(new Status(code, "why"), "call credentials");
        Assert.Equal(StatusCode.Internal, mapped.StatusCode);
        Assert.Contains("call credentials: why", mapped.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_codes_of_the_control_plane_pass() => Assert.Equal(
        StatusCode.PermissionDenied,
        StatusMapping.FromControlPlane(new Status(StatusCode.PermissionDenied, ""), "call credentials").StatusCode);
}
