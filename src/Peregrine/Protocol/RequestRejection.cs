// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Protocol;

/// <summary>Why a server does not start a call, and what it answers. An immutable value.</summary>
/// <param name="HttpStatus">
/// The HTTP status of a request that is not gRPC, answered with a short text (405 with <c>allow: POST</c>); 200 when the answer is
/// a gRPC status in a Trailers-Only response.
/// </param>
/// <param name="Status">The gRPC status, or the text of the HTTP answer.</param>
internal readonly record struct RequestRejection(int HttpStatus, Status Status)
{
    /// <summary>Whether the answer is a gRPC status.</summary>
    public bool IsGrpc => HttpStatus == 200;

    public static RequestRejection Http(int httpStatus, string text) =>
        new(httpStatus, new Status(StatusMapping.FromHttpStatus(httpStatus), text));

    public static RequestRejection Grpc(StatusCode code, string detail) => new(200, new Status(code, detail));
}
