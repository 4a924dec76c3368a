// SPDX-License-Identifier: Apache-2.0

// The server of the tutorial's first chapter.
package main

import (
	"flag"
	"log"

	study "grpc_study"
	"grpc_study/greeter"
	pb "grpc_study/proto/hello"

	"google.golang.org/grpc"
)

func main() {
	flag.Parse()
	server := grpc.NewServer()
	pb.RegisterSayHelloServer(server, greeter.Greeter{})
	log.Fatal(server.Serve(study.Listen(*study.Addr)))
}
