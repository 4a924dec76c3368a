// SPDX-License-Identifier: Apache-2.0
using System.Text;
using Peregrine.Protocol;

namespace Peregrine.Tests.Protocol;

public class ContentTypeTests
{
    [Theory]
    [InlineData("application/grpc", (int)ContentType.Kind.Grpc)]
    [InlineData("application/grpc+proto", (int)ContentType.Kind.Grpc)]
    [InlineData("application/grpc; charset=utf-8", (int)ContentType.Kind.Grpc)]
    [InlineData("application/grpc ;charset=utf-8", (int)ContentType.Kind.Grpc)]
    [InlineData("application/grpc+proto;charset=utf-8", (int)ContentType.Kind.Grpc)]
    [InlineData("Application/GRPC", (int)ContentType.Kind.Grpc)]
    [InlineData("application/grpc+foo", (int)ContentType.Kind.OtherFormat)]
    [InlineData("application/grpc+", (int)ContentType.Kind.OtherFormat)]
    [InlineData("application/grpcfoo", (int)ContentType.Kind.Other)]
    [InlineData("application/grpc-web", (int)ContentType.Kind.Other)]
    [InlineData("application/grp", (int)ContentType.Kind.Other)]
    [InlineData("text/html", (int)ContentType.Kind.Other)]
    [InlineData("", (int)ContentType.Kind.Other)]
    public void Content_type_is_grpc_only_when_followed_by_the_end_a_plus_or_a_semicolon(string value, int kind) =>
        Assert.Equal((ContentType.Kind)kind, ContentType.Classify(Encoding.ASCII.GetBytes(value)));
}
