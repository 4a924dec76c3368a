// SPDX-License-Identifier: Apache-2.0

// The client of the tutorial's chapter on tokens.
package main

import (
	"context"
	"flag"
	"log"

	study "grpc_study"
	"grpc_study/greeter"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

var token = flag.String("token", "123321123", "the token to send")

type clientTokenAuth struct{}

func (clientTokenAuth) GetRequestMetadata(ctx context.Context, uri ...string) (map[string]string, error) {
	return map[string]string{"user": "xiaoming", "token": *token}, nil
}

func (clientTokenAuth) RequireTransportSecurity() bool {
	return false
}

func main() {
	flag.Parse()
	cc, err := grpc.Dial(*study.Addr,
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithPerRPCCredentials(clientTokenAuth{}))
	if err != nil {
		log.Fatalf("connect server failed: %v", err)
	}
	defer cc.Close()
	greeter.Greet(cc)
}
