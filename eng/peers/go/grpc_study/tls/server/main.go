// SPDX-License-Identifier: Apache-2.0

// The server of the tutorial's chapter on one-way TLS.
package main

import (
	"flag"
	"log"

	study "grpc_study"
	"grpc_study/greeter"
	pb "grpc_study/proto/hello"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
)

func main() {
	flag.Parse()
	creds, err := credentials.NewServerTLSFromFile(*study.Key+"/test.pem", *study.Key+"/test.key")
	if err != nil {
		log.Fatalf("cannot read the server's certificate: %v", err)
	}
	server := grpc.NewServer(grpc.Creds(creds))
	pb.RegisterSayHelloServer(server, greeter.Greeter{})
	log.Fatal(server.Serve(study.Listen(*study.Addr)))
}
