// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"flag"
	"fmt"
	"time"

	pb "interop/testing"
)

var (
	soakIterations   = flag.Int("soak_iterations", 10, "how many calls to make")
	soakMaxFailures  = flag.Int("soak_max_failures", 0, "how many of them may fail or be too slow")
	soakMaxLatencyMs = flag.Int("soak_per_iteration_max_acceptable_latency_ms", 1000, "how long one call may take")
	soakTimeout      = flag.Int("soak_overall_timeout_seconds", 10, "when to give up")
	soakPauseMs      = flag.Int("soak_min_time_ms_between_rpcs", 0, "the least time from one call's start to the next's")
)

func rpcSoak(ctx context.Context, client pb.TestServiceClient) error {
	return soak(ctx, func(ctx context.Context) error { return largeUnary(ctx, client) })
}

func channelSoak(ctx context.Context, _ pb.TestServiceClient) error {
	return soak(ctx, func(ctx context.Context) error {
		channel := dial()
		defer channel.Close()
		return largeUnary(ctx, pb.NewTestServiceClient(channel))
	})
}

func soak(ctx context.Context, call func(context.Context) error) error {
	end := time.Now().Add(time.Duration(*soakTimeout) * time.Second)
	done, failures := 0, 0
	for ; done < *soakIterations && time.Now().Before(end); done++ {
		start := time.Now()
		next := time.After(time.Duration(*soakPauseMs) * time.Millisecond)
		err := call(ctx)
		elapsed := time.Since(start).Milliseconds()
		if err == nil && elapsed > int64(*soakMaxLatencyMs) {
			err = fmt.Errorf("it took longer than %d ms", *soakMaxLatencyMs)
		}
		if err != nil {
			failures++
		}
		fmt.Printf("soak iteration: %d elapsed_ms: %d error: %v\n", done, elapsed, err)
		<-next
	}
	fmt.Printf("soak test ran: %d / %d iterations. total failures: %d. max failures threshold: %d.\n", done, *soakIterations, failures, *soakMaxFailures)
	if done < *soakIterations || failures > *soakMaxFailures {
		return fmt.Errorf("expected %d iterations with at most %d failures", *soakIterations, *soakMaxFailures)
	}
	return nil
}
