# SPDX-License-Identifier: Apache-2.0
"""The server of gRPC's public interoperability cases of compression, on grpcio. Needs messages_pb2 on PYTHONPATH."""

import argparse
from concurrent import futures

import grpc
import messages_pb2 as pb
from message_flags import Proxy

proxy = None


def check(request, context):
    """Ends the call if the request is not compressed as it expects to be."""
    compressed = proxy.next_flag()
    if request.HasField("expect_compressed") and request.expect_compressed.value != compressed:
        context.abort(grpc.StatusCode.INVALID_ARGUMENT, f"expected compressed: {request.expect_compressed.value}")


def prepare(context, compressed):
    """Lets the next response be compressed, or not."""
    if not compressed.value:
        context.disable_next_message_compression()


def unary_call(request, context):
    check(request, context)
    context.set_compression(grpc.Compression.Gzip)
    prepare(context, request.response_compressed)
    return pb.SimpleResponse(payload=pb.Payload(body=bytes(request.response_size)))


def streaming_input_call(requests, context):
    size = 0
    for request in requests:
        check(request, context)
        size += len(request.payload.body)
    return pb.StreamingInputCallResponse(aggregated_payload_size=size)


def streaming_output_call(request, context):
    proxy.next_flag()
    context.set_compression(grpc.Compression.Gzip)
    for parameters in request.response_parameters:
        prepare(context, parameters.compressed)
        yield pb.StreamingOutputCallResponse(payload=pb.Payload(body=bytes(parameters.size)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=8080)
    options = parser.parse_args()
    handlers = {
        "UnaryCall": grpc.unary_unary_rpc_method_handler(
            unary_call, pb.SimpleRequest.FromString, pb.SimpleResponse.SerializeToString),
        "StreamingInputCall": grpc.stream_unary_rpc_method_handler(
            streaming_input_call, pb.StreamingInputCallRequest.FromString, pb.StreamingInputCallResponse.SerializeToString),
        "StreamingOutputCall": grpc.unary_stream_rpc_method_handler(
            streaming_output_call, pb.StreamingOutputCallRequest.FromString, pb.StreamingOutputCallResponse.SerializeToString),
    }
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=1))  # one call at a time: flags come in the order of the messages
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("grpc.testing.TestService", handlers),))
    inner = server.add_insecure_port("127.0.0.1:0")
    server.start()
    global proxy
    proxy = Proxy(options.port, ("127.0.0.1", inner), watch_clients=True)
    print(f"listening on 127.0.0.1:{options.port}", flush=True)
    server.wait_for_termination()


main()
