// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"io"
	"time"

	pb "interop/testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

const (
	largeRequest  = 271828
	largeResponse = 314159
)

var (
	requestSizes  = []int{27182, 8, 1828, 45904}
	responseSizes = []int{31415, 9, 2653, 58979}
)

func zeros(size int) *pb.Payload { return &pb.Payload{Body: make([]byte, size)} }

func expectSize(expected int, payload *pb.Payload) error {
	if came := len(payload.GetBody()); came != expected {
		return fmt.Errorf("expected a payload of %d bytes, but %d came", expected, came)
	}
	return nil
}

func expectCode(expected codes.Code, err error) error {
	if came := status.Code(err); came != expected {
		return fmt.Errorf("expected status %v, but %v came (%v)", expected, came, err)
	}
	return nil
}

// expectEnd expects the stream to end well.
func expectEnd[T any](receive func() (T, error)) error {
	if _, err := receive(); err != io.EOF {
		return fmt.Errorf("expected the end of the stream, but %v came", err)
	}
	return nil
}

func emptyUnary(ctx context.Context, client pb.TestServiceClient) error {
	_, err := client.EmptyCall(ctx, &pb.Empty{})
	return err
}

func largeUnary(ctx context.Context, client pb.TestServiceClient) error {
	response, err := client.UnaryCall(ctx, &pb.SimpleRequest{ResponseSize: largeResponse, Payload: zeros(largeRequest)})
	if err != nil {
		return err
	}
	return expectSize(largeResponse, response.GetPayload())
}

func clientStreaming(ctx context.Context, client pb.TestServiceClient) error {
	stream, err := client.StreamingInputCall(ctx)
	if err != nil {
		return err
	}
	for _, size := range requestSizes {
		if err := stream.Send(&pb.StreamingInputCallRequest{Payload: zeros(size)}); err != nil {
			return err
		}
	}
	response, err := stream.CloseAndRecv()
	if err != nil {
		return err
	}
	if sum := response.GetAggregatedPayloadSize(); sum != 74922 {
		return fmt.Errorf("expected 74922 bytes in all, but %d came", sum)
	}
	return nil
}

func serverStreaming(ctx context.Context, client pb.TestServiceClient) error {
	request := &pb.StreamingOutputCallRequest{}
	for _, size := range responseSizes {
		request.ResponseParameters = append(request.ResponseParameters, &pb.ResponseParameters{Size: int32(size)})
	}
	stream, err := client.StreamingOutputCall(ctx, request)
	if err != nil {
		return err
	}
	for _, size := range responseSizes {
		response, err := stream.Recv()
		if err != nil {
			return err
		}
		if err := expectSize(size, response.GetPayload()); err != nil {
			return err
		}
	}
	return expectEnd(stream.Recv)
}

// exchange sends a request and expects its response.
func exchange(stream pb.TestService_FullDuplexCallClient, requestSize, responseSize int) error {
	err := stream.Send(&pb.StreamingOutputCallRequest{
		ResponseParameters: []*pb.ResponseParameters{{Size: int32(responseSize)}},
		Payload:            zeros(requestSize),
	})
	if err != nil {
		return err
	}
	response, err := stream.Recv()
	if err != nil {
		return err
	}
	return expectSize(responseSize, response.GetPayload())
}

func pingPong(ctx context.Context, client pb.TestServiceClient) error {
	stream, err := client.FullDuplexCall(ctx)
	if err != nil {
		return err
	}
	for i := range requestSizes {
		if err := exchange(stream, requestSizes[i], responseSizes[i]); err != nil {
			return err
		}
	}
	if err := stream.CloseSend(); err != nil {
		return err
	}
	return expectEnd(stream.Recv)
}

func emptyStream(ctx context.Context, client pb.TestServiceClient) error {
	stream, err := client.FullDuplexCall(ctx)
	if err != nil {
		return err
	}
	if err := stream.CloseSend(); err != nil {
		return err
	}
	return expectEnd(stream.Recv)
}

func cancelAfterBegin(ctx context.Context, client pb.TestServiceClient) error {
	ctx, cancel := context.WithCancel(ctx)
	stream, err := client.StreamingInputCall(ctx)
	if err != nil {
		cancel()
		return err
	}
	cancel()
	_, err = stream.CloseAndRecv()
	return expectCode(codes.Canceled, err)
}

func cancelAfterFirstResponse(ctx context.Context, client pb.TestServiceClient) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := client.FullDuplexCall(ctx)
	if err != nil {
		return err
	}
	if err := exchange(stream, 27182, 31415); err != nil {
		return err
	}
	cancel()
	_, err = stream.Recv()
	return expectCode(codes.Canceled, err)
}

func timeoutOnSleepingServer(ctx context.Context, client pb.TestServiceClient) error {
	ctx, cancel := context.WithTimeout(ctx, time.Millisecond)
	defer cancel()
	stream, err := client.FullDuplexCall(ctx)
	if err == nil {
		// The deadline may pass before the request is sent: then Recv tells it all the same.
		_ = stream.Send(&pb.StreamingOutputCallRequest{Payload: zeros(27182)})
		_, err = stream.Recv()
	}
	return expectCode(codes.DeadlineExceeded, err)
}

const (
	initialKey   = "x-grpc-test-echo-initial"
	initialValue = "test_initial_metadata_value"
	trailingKey  = "x-grpc-test-echo-trailing-bin"
	trailing     = "\xab\xab\xab"
)

func expectEcho(header, trailer metadata.MD) error {
	if values := header.Get(initialKey); len(values) != 1 || values[0] != initialValue {
		return fmt.Errorf("expected %s: %s in the headers, but %q came", initialKey, initialValue, values)
	}
	if values := trailer.Get(trailingKey); len(values) != 1 || values[0] != trailing {
		return fmt.Errorf("expected %s: %x in the trailers, but %q came", trailingKey, trailing, values)
	}
	return nil
}

func customMetadata(ctx context.Context, client pb.TestServiceClient) error {
	ctx = metadata.AppendToOutgoingContext(ctx, initialKey, initialValue, trailingKey, trailing)
	var header, trailer metadata.MD
	response, err := client.UnaryCall(
		ctx, &pb.SimpleRequest{ResponseSize: largeResponse, Payload: zeros(largeRequest)}, grpc.Header(&header), grpc.Trailer(&trailer))
	if err != nil {
		return err
	}
	if err := expectSize(largeResponse, response.GetPayload()); err != nil {
		return err
	}
	if err := expectEcho(header, trailer); err != nil {
		return fmt.Errorf("unary call: %w", err)
	}

	stream, err := client.FullDuplexCall(ctx)
	if err != nil {
		return err
	}
	if err := exchange(stream, largeRequest, largeResponse); err != nil {
		return err
	}
	if header, err = stream.Header(); err != nil {
		return err
	}
	if err := stream.CloseSend(); err != nil {
		return err
	}
	if err := expectEnd(stream.Recv); err != nil {
		return err
	}
	if err := expectEcho(header, stream.Trailer()); err != nil {
		return fmt.Errorf("full duplex call: %w", err)
	}
	return nil
}

func expectStatus(expected *pb.EchoStatus, err error) error {
	if err := expectCode(codes.Code(expected.GetCode()), err); err != nil {
		return err
	}
	if message := status.Convert(err).Message(); message != expected.GetMessage() {
		return fmt.Errorf("expected the message %q, but %q came", expected.GetMessage(), message)
	}
	return nil
}

func statusCodeAndMessage(ctx context.Context, client pb.TestServiceClient) error {
	echo := &pb.EchoStatus{Code: int32(codes.Unknown), Message: "test status message"}
	_, err := client.UnaryCall(ctx, &pb.SimpleRequest{ResponseStatus: echo})
	if err := expectStatus(echo, err); err != nil {
		return fmt.Errorf("unary call: %w", err)
	}
	stream, err := client.FullDuplexCall(ctx)
	if err != nil {
		return err
	}
	if err := stream.Send(&pb.StreamingOutputCallRequest{ResponseStatus: echo}); err != nil {
		return err
	}
	if err := stream.CloseSend(); err != nil {
		return err
	}
	_, err = stream.Recv()
	return expectStatus(echo, err)
}

func specialStatusMessage(ctx context.Context, client pb.TestServiceClient) error {
	echo := &pb.EchoStatus{
		Code:    int32(codes.Unknown),
		Message: "\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \U0001f608\t\n",
	}
	_, err := client.UnaryCall(ctx, &pb.SimpleRequest{ResponseStatus: echo})
	return expectStatus(echo, err)
}

func unimplementedMethod(ctx context.Context, client pb.TestServiceClient) error {
	_, err := client.UnimplementedCall(ctx, &pb.Empty{})
	return expectCode(codes.Unimplemented, err)
}

func unimplementedService(ctx context.Context, _ pb.TestServiceClient) error {
	channel := dial()
	defer channel.Close()
	_, err := pb.NewUnimplementedServiceClient(channel).UnimplementedCall(ctx, &pb.Empty{})
	return expectCode(codes.Unimplemented, err)
}

// bearer sends the stub token in place of one that an authority signs.
type bearer struct{}

func (bearer) GetRequestMetadata(context.Context, ...string) (map[string]string, error) {
	return map[string]string{"authorization": "Bearer " + *stubToken}, nil
}

func (bearer) RequireTransportSecurity() bool { return true }

func perRPCCreds(ctx context.Context, client pb.TestServiceClient) error {
	response, err := client.UnaryCall(ctx, &pb.SimpleRequest{FillUsername: true}, grpc.PerRPCCredentials(bearer{}))
	if err != nil {
		return err
	}
	if name := response.GetUsername(); name == "" || *account != "" && name != *account {
		return fmt.Errorf("expected the username %q, but %q came", *account, name)
	}
	return nil
}
