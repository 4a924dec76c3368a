// SPDX-License-Identifier: Apache-2.0

// The server of gRPC's public interoperability cases, on grpc-go, without compression.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"time"

	pb "interop/testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

var (
	port          = flag.Int("port", 8080, "port to listen on, on 127.0.0.1")
	useTLS        = flag.Bool("use_tls", false, "whether connections are encrypted")
	certFile      = flag.String("tls_cert_file", "", "the server's certificate chain, PEM")
	keyFile       = flag.String("tls_key_file", "", "the certificate's private key, PEM")
	expectToken   = flag.String("expect_token", "", "the bearer token of the one caller that is known")
	tokenUsername = flag.String("token_username", "interop-caller", "the name of that caller")
)

const (
	echoInitial  = "x-grpc-test-echo-initial"
	echoTrailing = "x-grpc-test-echo-trailing-bin"
)

func main() {
	flag.Parse()
	var options []grpc.ServerOption
	if *useTLS {
		creds, err := credentials.NewServerTLSFromFile(*certFile, *keyFile)
		if err != nil {
			log.Fatalf("cannot read the certificate: %v", err)
		}
		options = append(options, grpc.Creds(creds))
	}
	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", *port))
	if err != nil {
		log.Fatalf("cannot listen: %v", err)
	}
	fmt.Printf("listening on %s\n", listener.Addr())
	server := grpc.NewServer(options...)
	pb.RegisterTestServiceServer(server, &service{})
	log.Fatal(server.Serve(listener))
}

type service struct {
	pb.UnimplementedTestServiceServer
}

func (*service) EmptyCall(context.Context, *pb.Empty) (*pb.Empty, error) {
	return &pb.Empty{}, nil
}

func (*service) UnaryCall(ctx context.Context, request *pb.SimpleRequest) (*pb.SimpleResponse, error) {
	if md, ok := metadata.FromIncomingContext(ctx); ok {
		if values := md.Get(echoInitial); len(values) > 0 {
			grpc.SetHeader(ctx, metadata.Pairs(echoInitial, values[0]))
		}
		if values := md.Get(echoTrailing); len(values) > 0 {
			grpc.SetTrailer(ctx, metadata.Pairs(echoTrailing, values[0]))
		}
	}
	if err := wanted(request.GetResponseStatus()); err != nil {
		return nil, err
	}
	response := &pb.SimpleResponse{Payload: zeros(request.GetResponseSize())}
	if request.GetFillUsername() && *expectToken != "" {
		md, _ := metadata.FromIncomingContext(ctx)
		if values := md.Get("authorization"); len(values) != 1 || values[0] != "Bearer "+*expectToken {
			return nil, status.Error(codes.Unauthenticated, "the call's token is not the expected one")
		}
		response.Username = *tokenUsername
	}
	return response, nil
}

func (*service) StreamingOutputCall(request *pb.StreamingOutputCallRequest, stream pb.TestService_StreamingOutputCallServer) error {
	return respond(request, stream.Send)
}

func (*service) StreamingInputCall(stream pb.TestService_StreamingInputCallServer) error {
	size := 0
	for {
		request, err := stream.Recv()
		if err == io.EOF {
			return stream.SendAndClose(&pb.StreamingInputCallResponse{AggregatedPayloadSize: int32(size)})
		}
		if err != nil {
			return err
		}
		size += len(request.GetPayload().GetBody())
	}
}

func (*service) FullDuplexCall(stream pb.TestService_FullDuplexCallServer) error {
	echo(stream)
	for {
		request, err := stream.Recv()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := respond(request, stream.Send); err != nil {
			return err
		}
	}
}

func (*service) HalfDuplexCall(stream pb.TestService_HalfDuplexCallServer) error {
	echo(stream)
	var requests []*pb.StreamingOutputCallRequest
	for {
		request, err := stream.Recv()
		if err == io.EOF {
			break
		}
		if err != nil {
			return err
		}
		requests = append(requests, request)
	}
	for _, request := range requests {
		if err := respond(request, stream.Send); err != nil {
			return err
		}
	}
	return nil
}

func echo(stream grpc.ServerStream) {
	md, _ := metadata.FromIncomingContext(stream.Context())
	if values := md.Get(echoInitial); len(values) > 0 {
		stream.SetHeader(metadata.Pairs(echoInitial, values[0]))
	}
	if values := md.Get(echoTrailing); len(values) > 0 {
		stream.SetTrailer(metadata.Pairs(echoTrailing, values[0]))
	}
}

func respond(request *pb.StreamingOutputCallRequest, send func(*pb.StreamingOutputCallResponse) error) error {
	if err := wanted(request.GetResponseStatus()); err != nil {
		return err
	}
	for _, parameters := range request.GetResponseParameters() {
		time.Sleep(time.Duration(parameters.GetIntervalUs()) * time.Microsecond)
		if err := send(&pb.StreamingOutputCallResponse{Payload: zeros(parameters.GetSize())}); err != nil {
			return err
		}
	}
	return nil
}

func wanted(echo *pb.EchoStatus) error {
	if echo.GetCode() == 0 {
		return nil
	}
	return status.Error(codes.Code(echo.GetCode()), echo.GetMessage())
}

func zeros(size int32) *pb.Payload {
	return &pb.Payload{Body: make([]byte, size)}
}
