// SPDX-License-Identifier: Apache-2.0

// One call, named by -case, that ends before the streaming server's answer; prints the status code and message that
// grpc-go reports, as "CODE: message".
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"time"

	study "grpc_study"
	spb "grpc_study/proto/stream"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
)

func main() {
	which := flag.String("case", "", "deadline or cancel")
	flag.Parse()
	cc, err := grpc.Dial(*study.Addr, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		log.Fatal(err)
	}
	defer cc.Close()
	ctx, cancel := context.WithCancel(context.Background())
	if *which == "deadline" {
		ctx, cancel = context.WithTimeout(context.Background(), 200*time.Millisecond)
	}
	defer cancel()
	stream, err := spb.NewSayHelloClient(cc).SayHello(ctx)
	if err == nil {
		err = stream.Send(&spb.HelloStreamReq{MessageName: "zhc"})
	}
	if err != nil {
		log.Fatal(err)
	}
	switch *which {
	case "deadline":
	case "cancel":
		time.AfterFunc(200*time.Millisecond, cancel)
	default:
		log.Fatalf("unknown case %q", *which)
	}
	if _, err = stream.Recv(); err == nil {
		log.Fatalf("the case %s succeeded", *which)
	}
	fmt.Printf("%s: %s\n", status.Code(err), status.Convert(err).Message())
}
