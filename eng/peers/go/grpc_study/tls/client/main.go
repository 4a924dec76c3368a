// SPDX-License-Identifier: Apache-2.0

// The client of the tutorial's chapter on one-way TLS: its root file is the server's own certificate.
package main

import (
	"flag"
	"log"

	study "grpc_study"
	"grpc_study/greeter"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
)

func main() {
	flag.Parse()
	creds, err := credentials.NewClientTLSFromFile(*study.Key+"/test.pem", "*grpcstudy.com")
	if err != nil {
		log.Fatalf("cannot read the root certificate: %v", err)
	}
	cc, err := grpc.Dial(*study.Addr, grpc.WithTransportCredentials(creds))
	if err != nil {
		log.Fatalf("connect server failed: %v", err)
	}
	defer cc.Close()
	greeter.Greet(cc)
}
