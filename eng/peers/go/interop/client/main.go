// SPDX-License-Identifier: Apache-2.0

// The client of gRPC's public interoperability cases, on grpc-go, without compression: runs the case that --test_case names.
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"flag"
	"fmt"
	"log"
	"os"
	"sort"
	"strings"
	"time"

	pb "interop/testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
)

var (
	serverHost   = flag.String("server_host", "localhost", "the server's host")
	hostOverride = flag.String("server_host_override", "", "the host to claim to call")
	serverPort   = flag.Int("server_port", 8080, "the server's port")
	testCase     = flag.String("test_case", "large_unary", "the case to run")
	useTLS       = flag.Bool("use_tls", false, "whether the connection is encrypted")
	useTestCA    = flag.Bool("use_test_ca", false, "whether --ca_file is trusted in place of the system's roots")
	caFile       = flag.String("ca_file", "", "the certificates that --use_test_ca trusts, PEM")
	account      = flag.String("default_service_account", "", "per_rpc_creds: the name that the server shall know the caller by")
	stubToken    = flag.String("stub_token", "", "per_rpc_creds: the bearer token to send")
)

var cases = map[string]func(context.Context, pb.TestServiceClient) error{
	"empty_unary":                 emptyUnary,
	"large_unary":                 largeUnary,
	"client_streaming":            clientStreaming,
	"server_streaming":            serverStreaming,
	"ping_pong":                   pingPong,
	"empty_stream":                emptyStream,
	"cancel_after_begin":          cancelAfterBegin,
	"cancel_after_first_response": cancelAfterFirstResponse,
	"timeout_on_sleeping_server":  timeoutOnSleepingServer,
	"custom_metadata":             customMetadata,
	"status_code_and_message":     statusCodeAndMessage,
	"special_status_message":      specialStatusMessage,
	"unimplemented_method":        unimplementedMethod,
	"unimplemented_service":       unimplementedService,
	"per_rpc_creds":               perRPCCreds,
	"rpc_soak":                    rpcSoak,
	"channel_soak":                channelSoak,
	"goaway":                      goAway,
	"rst_after_header":            reset,
	"rst_during_data":             reset,
	"rst_after_data":              reset,
	"ping":                        largeUnary,
	"max_streams":                 maxStreams,
	"data_frame_padding":          largeUnary,
}

func main() {
	flag.Parse()
	run, ok := cases[*testCase]
	if !ok {
		var names []string
		for name := range cases {
			names = append(names, name)
		}
		sort.Strings(names)
		fmt.Fprintf(os.Stderr, "%q is no test case; known are: %s\n", *testCase, strings.Join(names, ", "))
		os.Exit(2)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	channel := dial()
	defer channel.Close()
	if err := run(ctx, pb.NewTestServiceClient(channel)); err != nil {
		fmt.Fprintf(os.Stderr, "%s: failed: %v\n", *testCase, err)
		os.Exit(1)
	}
	fmt.Printf("%s: passed\n", *testCase)
}

// dial makes a channel as the flags want it.
func dial() *grpc.ClientConn {
	name := *hostOverride
	creds := insecure.NewCredentials()
	if *useTLS {
		config := &tls.Config{}
		if *useTestCA {
			config.RootCAs = roots()
			if name == "" {
				name = "foo.test.google.fr"
			}
		}
		creds = credentials.NewTLS(config)
	}
	options := []grpc.DialOption{grpc.WithTransportCredentials(creds)}
	if name != "" {
		options = append(options, grpc.WithAuthority(name))
	}
	channel, err := grpc.NewClient(fmt.Sprintf("%s:%d", *serverHost, *serverPort), options...)
	if err != nil {
		log.Fatal(err)
	}
	return channel
}

func roots() *x509.CertPool {
	pem, err := os.ReadFile(*caFile)
	if err != nil {
		log.Fatalf("cannot read the CA's certificate: %v", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		log.Fatalf("no certificate in %s", *caFile)
	}
	return pool
}
