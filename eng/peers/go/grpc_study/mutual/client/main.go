// SPDX-License-Identifier: Apache-2.0

// The client of the tutorial's chapter on mutual TLS.
package main

import (
	"crypto/tls"
	"flag"
	"log"

	study "grpc_study"
	"grpc_study/greeter"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
)

func main() {
	flag.Parse()
	creds := credentials.NewTLS(&tls.Config{
		Certificates: []tls.Certificate{study.Pair("testClient")},
		ServerName:   "*grpcstudy.com",
		RootCAs:      study.Roots("server.crt"),
	})
	cc, err := grpc.Dial(*study.Addr, grpc.WithTransportCredentials(creds))
	if err != nil {
		log.Fatalf("connect server failed: %v", err)
	}
	defer cc.Close()
	greeter.Greet(cc)
}
