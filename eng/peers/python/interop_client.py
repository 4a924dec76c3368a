# SPDX-License-Identifier: Apache-2.0
"""The client of gRPC's public interoperability cases of compression, on grpcio. Needs messages_pb2 on PYTHONPATH."""

import argparse
import os

import grpc
import messages_pb2 as pb
from message_flags import Proxy

SERVICE = "/grpc.testing.TestService/"
LARGE_REQUEST = 271828
LARGE_RESPONSE = 314159
TIMEOUT = 30


class CaseFailed(Exception):
    """The case did not come out as it must."""


def expect(expected, came, what):
    if expected != came:
        raise CaseFailed(f"{what}: expected {expected}, but {came} came")


def expect_invalid_argument(call):
    """The probe: whether the server looks at the Compressed-Flag at all."""
    try:
        call()
    except grpc.RpcError as error:
        expect(grpc.StatusCode.INVALID_ARGUMENT, error.code(), "status of the probe")
    else:
        raise CaseFailed("status of the probe: expected INVALID_ARGUMENT, but the call succeeded")


def unary(channel, request, compression):
    call = channel.unary_unary(SERVICE + "UnaryCall", pb.SimpleRequest.SerializeToString, pb.SimpleResponse.FromString)
    response = call(request, timeout=TIMEOUT, compression=compression)
    expect(LARGE_RESPONSE, len(response.payload.body), "size of the response's payload")
    return response


def large(**fields):
    return pb.SimpleRequest(response_size=LARGE_RESPONSE, payload=pb.Payload(body=bytes(LARGE_REQUEST)), **fields)


def client_compressed_unary(channel, _):
    compressed = large(expect_compressed=pb.BoolValue(value=True))
    expect_invalid_argument(lambda: unary(channel, compressed, grpc.Compression.NoCompression))
    unary(channel, compressed, grpc.Compression.Gzip)
    unary(channel, large(expect_compressed=pb.BoolValue(value=False)), grpc.Compression.NoCompression)


def client_compressed_streaming(channel, _):
    call = channel.stream_unary(
        SERVICE + "StreamingInputCall", pb.StreamingInputCallRequest.SerializeToString, pb.StreamingInputCallResponse.FromString)
    first = pb.StreamingInputCallRequest(expect_compressed=pb.BoolValue(value=True), payload=pb.Payload(body=bytes(27182)))
    # Clients in Python cannot leave one message of a call plain; the C core does, when compression would not make it shorter.
    second = pb.StreamingInputCallRequest(expect_compressed=pb.BoolValue(value=False), payload=pb.Payload(body=os.urandom(45904)))
    expect_invalid_argument(lambda: call(iter([first]), timeout=TIMEOUT))
    response = call(iter([first, second]), timeout=TIMEOUT, compression=grpc.Compression.Gzip)
    expect(73086, response.aggregated_payload_size, "sum of the payloads' sizes")


def server_compressed_unary(channel, proxy):
    for compressed in (True, False):
        response = unary(channel, large(response_compressed=pb.BoolValue(value=compressed)), grpc.Compression.NoCompression)
        expect(compressed, proxy.next_flag(), "compression of the response")


def server_compressed_streaming(channel, proxy):
    call = channel.unary_stream(
        SERVICE + "StreamingOutputCall", pb.StreamingOutputCallRequest.SerializeToString, pb.StreamingOutputCallResponse.FromString)
    wanted = [(True, 31415), (False, 92653)]
    responses = call(
        pb.StreamingOutputCallRequest(response_parameters=[
            pb.ResponseParameters(compressed=pb.BoolValue(value=compressed), size=size) for compressed, size in wanted]),
        timeout=TIMEOUT)
    for compressed, size in wanted:
        response = next(responses)
        expect(size, len(response.payload.body), "size of the response's payload")
        expect(compressed, proxy.next_flag(), f"compression of the response of {size} bytes")
    expect([], list(responses), "further responses")


CASES = {case.__name__: case for case in (
    client_compressed_unary, client_compressed_streaming, server_compressed_unary, server_compressed_streaming)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--server_host", default="localhost")
    parser.add_argument("--server_port", type=int, default=8080)
    parser.add_argument("--test_case", choices=sorted(CASES), required=True)
    options = parser.parse_args()
    proxy = Proxy(0, (options.server_host, options.server_port), watch_clients=False)
    with grpc.insecure_channel(f"127.0.0.1:{proxy.port}") as channel:
        try:
            CASES[options.test_case](channel, proxy)
        except (CaseFailed, grpc.RpcError) as error:
            raise SystemExit(f"{options.test_case}: failed: {error}")
    print(f"{options.test_case}: passed")


main()
