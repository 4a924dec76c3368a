// SPDX-License-Identifier: Apache-2.0

// The server of the tutorial's bidirectional stream: one message in, a second's pause, one message out.
package main

import (
	"flag"
	"fmt"
	"log"
	"time"

	study "grpc_study"
	spb "grpc_study/proto/stream"

	"google.golang.org/grpc"
)

type streamServer struct {
	spb.UnimplementedSayHelloServer
}

func (streamServer) SayHello(stream spb.SayHello_SayHelloServer) error {
	recv, err := stream.Recv()
	if err != nil {
		return fmt.Errorf("cannot receive: %w", err)
	}
	fmt.Println("received", recv.MessageName)
	select {
	case <-time.After(time.Second):
	case <-stream.Context().Done():
		fmt.Println("call ended early:", stream.Context().Err())
		return stream.Context().Err()
	}
	if err := stream.Send(&spb.HelloStreamRes{ResMessage: "recv " + recv.MessageName}); err != nil {
		return fmt.Errorf("cannot send: %w", err)
	}
	return nil
}

func main() {
	flag.Parse()
	server := grpc.NewServer()
	spb.RegisterSayHelloServer(server, streamServer{})
	log.Fatal(server.Serve(study.Listen(*study.Addr)))
}
