// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"log"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"gobench/echo"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
)

const connectAtOnce = 50

type client struct {
	connections []echo.EchoClient
	headers     metadata.MD
	next        atomic.Int64
}

// tally is what one turn has counted: calls or messages, and how long each took.
type tally struct {
	lock      sync.Mutex
	done      int
	latencies []time.Duration
}

func (t *tally) add(done int, latencies []time.Duration) {
	t.lock.Lock()
	defer t.lock.Unlock()
	t.done += done
	t.latencies = append(t.latencies, latencies...)
}

func ask(options flags) {
	calls := []grpc.CallOption{}
	if options.has("unlimited") {
		calls = append(calls, grpc.MaxCallRecvMsgSize(largeMessage))
	}
	c := &client{headers: metadata.MD{}}
	for i := range options.number("headers", 0) {
		c.headers.Set(fmt.Sprintf("x-header-%02d", i), fmt.Sprintf("value-%04d", i))
	}
	for range options.number("connections", 1) {
		connection, err := grpc.NewClient(
			fmt.Sprintf("127.0.0.1:%d", options.number("port", 0)),
			grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithDefaultCallOptions(calls...))
		if err != nil {
			log.Fatal(err)
		}
		c.connections = append(c.connections, echo.NewEchoClient(connection))
	}
	for some := range slices.Chunk(c.connections, connectAtOnce) {
		var answered sync.WaitGroup
		for _, connection := range some {
			answered.Add(1)
			go func() {
				defer answered.Done()
				c.unary(connection, &echo.Blob{})
			}()
		}
		answered.Wait()
	}
	fmt.Println("ready")
	answer(c.work)
}

// work does what a line says for its seconds, and answers with a count and figures.
func (c *client) work(kind string, options flags) string {
	seconds := 1.0
	if _, err := fmt.Sscan(options["seconds"], &seconds); err != nil {
		log.Fatalf("seconds=%s is no number", options["seconds"])
	}
	size := options.number("size", 16)
	messages := options.number("messages", 1000)
	message := &echo.Blob{Data: make([]byte, size)}
	total := &tally{}
	start := time.Now()
	end := start.Add(time.Duration(seconds * float64(time.Second)))
	first := c.connections[0]
	switch kind {
	case "unary":
		var loops sync.WaitGroup
		for range options.number("inflight", 1) {
			loops.Add(1)
			go func() {
				defer loops.Done()
				c.closedLoop(message, end, total)
			}()
		}
		loops.Wait()
	case "rate":
		c.openLoop(message, options.number("rate", 1000), end, total)
	case "download":
		repeat(end, func() { c.download(first, messages, size, total) })
	case "upload":
		repeat(end, func() { c.upload(first, messages, message, total) })
	case "pingpong":
		repeat(end, func() { c.pingPong(first, messages, message, total) })
	case "flow":
		repeat(end, func() { c.flow(first, messages, message, total) })
	default:
		log.Fatalf("%q is no kind of work", kind)
	}
	elapsed := time.Since(start).Seconds()
	slices.Sort(total.latencies)
	at := func(part float64) float64 {
		if len(total.latencies) == 0 {
			return 0
		}
		return float64(total.latencies[int(part*float64(len(total.latencies)-1))].Nanoseconds()) / 1000
	}
	return fmt.Sprintf("%d PerSecond=%g MegabytesPerSecond=%g P50=%g P99=%g P999=%g Longest=%g", total.done,
		float64(total.done)/elapsed, float64(total.done)*float64(size)/elapsed/1e6, at(0.5), at(0.99), at(0.999), at(1))
}

func repeat(end time.Time, stream func()) {
	for stream(); time.Now().Before(end); {
		stream()
	}
}

func (c *client) context() context.Context {
	if len(c.headers) == 0 {
		return context.Background()
	}
	return metadata.NewOutgoingContext(context.Background(), c.headers)
}

func (c *client) unary(connection echo.EchoClient, message *echo.Blob) {
	reply, err := connection.Unary(c.context(), message)
	check(err)
	expect(len(message.Data), len(reply.Data))
}

func (c *client) closedLoop(message *echo.Blob, end time.Time, total *tally) {
	var latencies []time.Duration
	for now := time.Now(); now.Before(end); {
		c.unary(c.connections[int(c.next.Add(1))%len(c.connections)], message)
		answered := time.Now()
		latencies = append(latencies, answered.Sub(now))
		now = answered
	}
	total.add(len(latencies), latencies)
}

// openLoop begins calls when the schedule says so; their latency counts from then.
func (c *client) openLoop(message *echo.Blob, perSecond int, end time.Time, total *tally) {
	var calls sync.WaitGroup
	start := time.Now()
	for i := 0; ; i++ {
		due := start.Add(time.Duration(i) * time.Second / time.Duration(perSecond))
		if !due.Before(end) {
			break
		}
		time.Sleep(time.Until(due))
		calls.Add(1)
		go func() {
			defer calls.Done()
			c.unary(c.connections[0], message)
			total.add(1, []time.Duration{time.Since(due)})
		}()
	}
	calls.Wait()
}

func (c *client) download(connection echo.EchoClient, messages, size int, total *tally) {
	stream, err := connection.Download(c.context(), &echo.Transfer{Messages: int32(messages), OctetsEach: int32(size)})
	check(err)
	received := 0
	for {
		if _, err := stream.Recv(); err != nil {
			checkEnd(err)
			break
		}
		received++
	}
	expect(messages, received)
	total.add(received, nil)
}

func (c *client) upload(connection echo.EchoClient, messages int, message *echo.Blob, total *tally) {
	stream, err := connection.Upload(c.context())
	check(err)
	for range messages {
		check(stream.Send(message))
	}
	taken, err := stream.CloseAndRecv()
	check(err)
	expect(messages, int(taken.Messages))
	total.add(messages, nil)
}

func (c *client) pingPong(connection echo.EchoClient, messages int, message *echo.Blob, total *tally) {
	stream, err := connection.PingPong(c.context())
	check(err)
	latencies := make([]time.Duration, 0, messages)
	for range messages {
		start := time.Now()
		check(stream.Send(message))
		reply, err := stream.Recv()
		check(err)
		latencies = append(latencies, time.Since(start))
		expect(len(message.Data), len(reply.Data))
	}
	check(stream.CloseSend())
	_, err = stream.Recv()
	checkEnd(err)
	total.add(messages, latencies)
}

// flow sends without waiting for what comes back.
func (c *client) flow(connection echo.EchoClient, messages int, message *echo.Blob, total *tally) {
	stream, err := connection.PingPong(c.context())
	check(err)
	go func() {
		for range messages {
			check(stream.Send(message))
		}
		check(stream.CloseSend())
	}()
	received := 0
	for {
		if _, err := stream.Recv(); err != nil {
			checkEnd(err)
			break
		}
		received++
	}
	expect(messages, received)
	total.add(received, nil)
}
