// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"

	pb "interop/testing"
)

func goAway(ctx context.Context, client pb.TestServiceClient) error {
	if err := largeUnary(ctx, client); err != nil {
		return err
	}
	return largeUnary(ctx, client)
}

func reset(ctx context.Context, client pb.TestServiceClient) error {
	if _, err := client.UnaryCall(ctx, &pb.SimpleRequest{ResponseSize: largeResponse, Payload: zeros(largeRequest)}); err == nil {
		return errors.New("expected a failure, but the call succeeded")
	}
	return nil
}

func maxStreams(ctx context.Context, client pb.TestServiceClient) error {
	if err := largeUnary(ctx, client); err != nil {
		return err
	}
	results := make(chan error)
	for i := 0; i < 10; i++ {
		go func() { results <- largeUnary(ctx, client) }()
	}
	var failure error
	for i := 0; i < 10; i++ {
		failure = errors.Join(failure, <-results)
	}
	return failure
}
