// SPDX-License-Identifier: Apache-2.0

// The server of the tutorial's chapter on tokens. A wrong token is a plain error, which grpc-go sends as UNKNOWN.
package main

import (
	"context"
	"errors"
	"flag"
	"log"

	study "grpc_study"
	"grpc_study/greeter"
	pb "grpc_study/proto/hello"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
)

type server struct {
	greeter.Greeter
}

func (s server) SayHello(ctx context.Context, req *pb.HelloReq) (*pb.HelloRes, error) {
	md, ok := metadata.FromIncomingContext(ctx)
	if !ok {
		return nil, errors.New("未传输Token")
	}
	if first(md["user"]) != "xiaoming" || first(md["token"]) != "123321123" {
		return nil, errors.New("Token 不正确")
	}
	return s.Greeter.SayHello(ctx, req)
}

func first(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

func main() {
	flag.Parse()
	s := grpc.NewServer()
	pb.RegisterSayHelloServer(s, server{})
	log.Fatal(s.Serve(study.Listen(*study.Addr)))
}
