// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"

	"gobench/echo"
	"gobench/hello"

	"google.golang.org/grpc"
)

func serve(port string, options flags) {
	listener, err := net.Listen("tcp", "127.0.0.1:"+port)
	if err != nil {
		log.Fatal(err)
	}
	var settings []grpc.ServerOption
	if options.has("unlimited") {
		settings = append(settings, grpc.MaxRecvMsgSize(largeMessage))
	}
	server := grpc.NewServer(settings...)
	hello.RegisterSayHelloServer(server, greeter{})
	echo.RegisterEchoServer(server, echoes{})
	if !options.has("control") {
		log.Fatal(server.Serve(listener))
	}
	go func() { log.Fatal(server.Serve(listener)) }()
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	answer(func(kind string, _ flags) string { return "a server does no " + kind })
}

type greeter struct {
	hello.UnimplementedSayHelloServer
}

func (greeter) SayHello(_ context.Context, request *hello.HelloReq) (*hello.HelloRes, error) {
	return &hello.HelloRes{ResMessage: "Message send by SayHello server :Hello " + request.MessageName}, nil
}

type echoes struct {
	echo.UnimplementedEchoServer
}

func (echoes) Unary(_ context.Context, request *echo.Blob) (*echo.Blob, error) {
	return request, nil
}

func (echoes) Download(request *echo.Transfer, stream echo.Echo_DownloadServer) error {
	message := &echo.Blob{Data: make([]byte, request.OctetsEach)}
	for range request.Messages {
		if err := stream.Send(message); err != nil {
			return err
		}
	}
	return nil
}

func (echoes) Upload(stream echo.Echo_UploadServer) error {
	total := &echo.Transfer{}
	for {
		message, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return stream.SendAndClose(total)
		}
		if err != nil {
			return err
		}
		total.Messages++
		total.OctetsEach = int32(len(message.Data))
	}
}

func (echoes) PingPong(stream echo.Echo_PingPongServer) error {
	for {
		message, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := stream.Send(message); err != nil {
			return err
		}
	}
}
