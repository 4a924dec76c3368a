// SPDX-License-Identifier: Apache-2.0

// The client of the tutorial's bidirectional stream.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"

	study "grpc_study"
	spb "grpc_study/proto/stream"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

func main() {
	flag.Parse()
	cc, err := grpc.Dial(*study.Addr, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		log.Fatal(err)
	}
	defer cc.Close()
	hello, err := spb.NewSayHelloClient(cc).SayHello(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	if err := hello.Send(&spb.HelloStreamReq{MessageName: "zhc"}); err != nil {
		log.Fatal(err)
	}
	recv, err := hello.Recv()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("received from the server:", recv.ResMessage)
	if err := hello.CloseSend(); err != nil {
		log.Fatal(err)
	}
}
