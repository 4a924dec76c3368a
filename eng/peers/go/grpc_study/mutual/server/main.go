// SPDX-License-Identifier: Apache-2.0

// The server of the tutorial's chapter on mutual TLS.
package main

import (
	"crypto/tls"
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
	creds := credentials.NewTLS(&tls.Config{
		Certificates: []tls.Certificate{study.Pair("test")},
		ClientAuth:   tls.RequireAndVerifyClientCert,
		ClientCAs:    study.Roots("server.crt"),
	})
	server := grpc.NewServer(grpc.Creds(creds))
	pb.RegisterSayHelloServer(server, greeter.Greeter{})
	log.Fatal(server.Serve(study.Listen(*study.Addr)))
}
