// SPDX-License-Identifier: Apache-2.0

// Package greeter is the service of the tutorial's first chapters, and its one call.
package greeter

import (
	"context"
	"fmt"
	"log"

	pb "grpc_study/proto/hello"

	"google.golang.org/grpc"
)

// Greeter answers every request with the tutorial's greeting.
type Greeter struct {
	pb.UnimplementedSayHelloServer
}

// SayHello greets the name in the request.
func (Greeter) SayHello(ctx context.Context, req *pb.HelloReq) (*pb.HelloRes, error) {
	return &pb.HelloRes{ResMessage: "Message send by SayHello server :Hello " + req.MessageName}, nil
}

// Greet sends the tutorial's request and prints the answer; a failure ends the program.
func Greet(cc *grpc.ClientConn) {
	res, err := pb.NewSayHelloClient(cc).SayHello(context.Background(), &pb.HelloReq{MessageName: "XiaoMing", MessageLen: 1})
	if err != nil {
		log.Fatalf("exec rpc func failed %v", err)
	}
	fmt.Println(res.GetResMessage())
}
