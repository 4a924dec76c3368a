// SPDX-License-Identifier: Apache-2.0

// One failing call, named by -case, against a greeting server of the tutorial; prints the status code and message that
// grpc-go reports, as "CODE: message".
package main

import (
	"context"
	"crypto/tls"
	"flag"
	"fmt"
	"log"
	"time"

	study "grpc_study"
	pb "grpc_study/proto/hello"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
)

func main() {
	which := flag.String("case", "", "wrong-ca, wrong-name, no-client-certificate, plaintext-to-tls or unimplemented")
	flag.Parse()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	var err error
	switch *which {
	case "wrong-ca":
		err = greet(ctx, credentials.NewTLS(&tls.Config{RootCAs: study.Roots("other.crt"), ServerName: "*grpcstudy.com"}))
	case "wrong-name":
		err = greet(ctx, credentials.NewTLS(&tls.Config{RootCAs: study.Roots("server.crt"), ServerName: "elsewhere.example"}))
	case "no-client-certificate":
		err = greet(ctx, credentials.NewTLS(&tls.Config{RootCAs: study.Roots("server.crt"), ServerName: "*grpcstudy.com"}))
	case "plaintext-to-tls":
		err = greet(ctx, insecure.NewCredentials())
	case "unimplemented":
		cc := dial(insecure.NewCredentials())
		err = cc.Invoke(ctx, "/SayHello/Missing", &pb.HelloReq{}, &pb.HelloRes{})
	default:
		log.Fatalf("unknown case %q", *which)
	}
	if err == nil {
		log.Fatalf("the case %s succeeded", *which)
	}
	fmt.Printf("%s: %s\n", status.Code(err), status.Convert(err).Message())
}

func dial(creds credentials.TransportCredentials) *grpc.ClientConn {
	cc, err := grpc.Dial(*study.Addr, grpc.WithTransportCredentials(creds))
	if err != nil {
		log.Fatal(err)
	}
	return cc
}

func greet(ctx context.Context, creds credentials.TransportCredentials) error {
	_, err := pb.NewSayHelloClient(dial(creds)).SayHello(ctx, &pb.HelloReq{MessageName: "XiaoMing"})
	return err
}
