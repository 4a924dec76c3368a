// SPDX-License-Identifier: Apache-2.0

// A grpc-go server with the default enforcement of pings, by a clock that its client moves: each line "N" on the clock's port moves it by N
// milliseconds and is answered by the number of pings that have come.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"log"
	"net"
	"strconv"
	"time"

	"interop/clock"
	pb "interop/testing"

	"google.golang.org/grpc"
)

var (
	port      = flag.Int("port", 8080, "port to listen on, on 127.0.0.1")
	clockPort = flag.Int("clock_port", 8081, "port of the clock, on 127.0.0.1")
)

func main() {
	flag.Parse()
	go serveClock(listen(*clockPort))
	server := grpc.NewServer()
	pb.RegisterTestServiceServer(server, &service{})
	log.Fatal(server.Serve(listen(*port)))
}

func listen(port int) net.Listener {
	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		log.Fatalf("cannot listen: %v", err)
	}
	return listener
}

func serveClock(listener net.Listener) {
	for {
		connection, err := listener.Accept()
		if err != nil {
			log.Fatalf("cannot accept a connection of the clock: %v", err)
		}
		go moveClock(connection)
	}
}

func moveClock(connection net.Conn) {
	defer connection.Close()
	for lines := bufio.NewScanner(connection); lines.Scan(); {
		milliseconds, err := strconv.ParseInt(lines.Text(), 10, 64)
		if err != nil {
			log.Printf("the clock is moved by milliseconds: %v", err)
			return
		}
		clock.Advance(time.Duration(milliseconds) * time.Millisecond)
		fmt.Fprintln(connection, clock.Asked())
	}
}

type service struct {
	pb.UnimplementedTestServiceServer
}

// FullDuplexCall answers each request, and is silent in between.
func (*service) FullDuplexCall(stream pb.TestService_FullDuplexCallServer) error {
	for {
		if _, err := stream.Recv(); err != nil {
			return nil
		}
		if err := stream.Send(&pb.StreamingOutputCallResponse{}); err != nil {
			return err
		}
	}
}
