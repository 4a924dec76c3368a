// SPDX-License-Identifier: Apache-2.0

// The client of the tutorial's first chapter.
package main

import (
	"flag"
	"log"

	study "grpc_study"
	"grpc_study/greeter"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

func main() {
	flag.Parse()
	cc, err := grpc.Dial(*study.Addr, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		log.Fatalf("connect server failed: %v", err)
	}
	defer cc.Close()
	greeter.Greet(cc)
}
