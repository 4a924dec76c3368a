// SPDX-License-Identifier: Apache-2.0

// Clients of the standard services, on grpc-go: health checking, by itself and as a channel's, both versions of reflection, channelz.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"syscall"
	"time"

	"google.golang.org/grpc"
	channelz "google.golang.org/grpc/channelz/grpc_channelz_v1"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/connectivity"
	"google.golang.org/grpc/credentials/insecure"
	_ "google.golang.org/grpc/health" // channels can watch the health of their servers
	health "google.golang.org/grpc/health/grpc_health_v1"
	reflection "google.golang.org/grpc/reflection/grpc_reflection_v1"
	alpha "google.golang.org/grpc/reflection/grpc_reflection_v1alpha"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
)

const service = "grpc.testing.TestService"

var (
	serverHost = flag.String("server_host", "localhost", "the server's host")
	serverPort = flag.Int("server_port", 8080, "the server's port")
	serverPID  = flag.Int("server_pid", 0, "health_stop: the server's process, which is told to end")
	testCase   = flag.String("test_case", "health_check", "the case to run")
)

var cases = map[string]func(context.Context) error{
	"health_check":       healthCheck,
	"health_watch":       healthWatch,
	"health_channel":     healthChannel,
	"health_stop":        healthStop,
	"reflection_v1":      reflectionV1,
	"reflection_v1alpha": reflectionV1Alpha,
	"channelz":           channelzLook,
}

func main() {
	flag.Parse()
	run, ok := cases[*testCase]
	if !ok {
		fmt.Fprintf(os.Stderr, "%q is no test case\n", *testCase)
		os.Exit(2)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := run(ctx); err != nil {
		fmt.Fprintf(os.Stderr, "%s: failed: %v\n", *testCase, err)
		os.Exit(1)
	}
	fmt.Printf("%s: passed\n", *testCase)
}

func dial(config string) (*grpc.ClientConn, error) {
	return grpc.NewClient(fmt.Sprintf("dns:///%s:%d", *serverHost, *serverPort),
		grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithDefaultServiceConfig(config))
}

func healthCheck(ctx context.Context) error {
	channel, err := dial("{}")
	if err != nil {
		return err
	}
	defer channel.Close()
	client := health.NewHealthClient(channel)
	for _, name := range []string{"", service} {
		response, err := client.Check(ctx, &health.HealthCheckRequest{Service: name})
		if err != nil {
			return err
		}
		if response.Status != health.HealthCheckResponse_SERVING {
			return fmt.Errorf("%q has %v", name, response.Status)
		}
	}
	_, err = client.Check(ctx, &health.HealthCheckRequest{Service: "no.Such"})
	if status.Code(err) != codes.NotFound {
		return fmt.Errorf("an unknown service ended with %v", err)
	}
	return nil
}

func healthWatch(ctx context.Context) error {
	channel, err := dial("{}")
	if err != nil {
		return err
	}
	defer channel.Close()
	for name, want := range map[string]health.HealthCheckResponse_ServingStatus{
		service: health.HealthCheckResponse_SERVING, "no.Such": health.HealthCheckResponse_SERVICE_UNKNOWN,
	} {
		watch, err := health.NewHealthClient(channel).Watch(ctx, &health.HealthCheckRequest{Service: name})
		if err != nil {
			return err
		}
		if err := next(watch, want); err != nil {
			return fmt.Errorf("%q: %w", name, err)
		}
	}
	return nil
}

func next(watch health.Health_WatchClient, want health.HealthCheckResponse_ServingStatus) error {
	response, err := watch.Recv()
	if err != nil {
		return err
	}
	if response.Status != want {
		return fmt.Errorf("the status is %v, not %v", response.Status, want)
	}
	return nil
}

// healthChannel lets a channel watch the server's health: it is ready for a service that serves, and not for one that is unknown.
func healthChannel(ctx context.Context) error {
	for name, want := range map[string]connectivity.State{service: connectivity.Ready, "no.Such": connectivity.TransientFailure} {
		channel, err := dial(fmt.Sprintf(
			`{"loadBalancingConfig": [{"round_robin":{}}], "healthCheckConfig": {"serviceName": %q}}`, name))
		if err != nil {
			return err
		}
		defer channel.Close()
		channel.Connect()
		for state := channel.GetState(); state != want; state = channel.GetState() {
			if state == connectivity.Ready {
				return fmt.Errorf("the channel is ready for %q", name)
			}
			if !channel.WaitForStateChange(ctx, state) {
				return fmt.Errorf("the channel for %q stays %v", name, state)
			}
		}
	}
	return nil
}

// healthStop sees a server that stops gracefully say so.
func healthStop(ctx context.Context) error {
	channel, err := dial("{}")
	if err != nil {
		return err
	}
	defer channel.Close()
	watch, err := health.NewHealthClient(channel).Watch(ctx, &health.HealthCheckRequest{Service: service})
	if err != nil {
		return err
	}
	if err := next(watch, health.HealthCheckResponse_SERVING); err != nil {
		return err
	}
	if err := syscall.Kill(*serverPID, syscall.SIGTERM); err != nil {
		return err
	}
	if err := next(watch, health.HealthCheckResponse_NOT_SERVING); err != nil {
		return err
	}
	if _, err := watch.Recv(); status.Code(err) != codes.Unavailable {
		return fmt.Errorf("the watch ended with %v", err)
	}
	return nil
}

func reflectionV1(ctx context.Context) error {
	channel, err := dial("{}")
	if err != nil {
		return err
	}
	defer channel.Close()
	stream, err := reflection.NewServerReflectionClient(channel).ServerReflectionInfo(ctx)
	if err != nil {
		return err
	}
	ask := func(request *reflection.ServerReflectionRequest) (*reflection.ServerReflectionResponse, error) {
		request.Host = "host.example"
		if err := stream.Send(request); err != nil {
			return nil, err
		}
		response, err := stream.Recv()
		if err != nil {
			return nil, err
		}
		if response.ValidHost != request.Host || !proto.Equal(response.OriginalRequest, request) {
			return nil, fmt.Errorf("the request is not echoed: %v", response)
		}
		return response, nil
	}
	response, err := ask(&reflection.ServerReflectionRequest{MessageRequest: &reflection.ServerReflectionRequest_ListServices{}})
	if err != nil {
		return err
	}
	names := map[string]bool{}
	for _, service := range response.GetListServicesResponse().GetService() {
		names[service.Name] = true
	}
	for _, name := range []string{service, "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection"} {
		if !names[name] {
			return fmt.Errorf("%s is not listed: %v", name, response)
		}
	}
	response, err = ask(&reflection.ServerReflectionRequest{
		MessageRequest: &reflection.ServerReflectionRequest_FileContainingSymbol{FileContainingSymbol: service + ".UnaryCall"},
	})
	if err != nil {
		return err
	}
	if err := describes(response.GetFileDescriptorResponse().GetFileDescriptorProto()); err != nil {
		return err
	}
	response, err = ask(&reflection.ServerReflectionRequest{
		MessageRequest: &reflection.ServerReflectionRequest_FileByFilename{FileByFilename: "no/such.proto"},
	})
	if err != nil {
		return err
	}
	if codes.Code(response.GetErrorResponse().GetErrorCode()) != codes.NotFound {
		return fmt.Errorf("a file that is not there is answered with %v", response)
	}
	if err := stream.CloseSend(); err != nil {
		return err
	}
	if _, err := stream.Recv(); err != io.EOF {
		return fmt.Errorf("the stream ended with %v", err)
	}
	return nil
}

func reflectionV1Alpha(ctx context.Context) error {
	channel, err := dial("{}")
	if err != nil {
		return err
	}
	defer channel.Close()
	stream, err := alpha.NewServerReflectionClient(channel).ServerReflectionInfo(ctx)
	if err != nil {
		return err
	}
	err = stream.Send(&alpha.ServerReflectionRequest{
		MessageRequest: &alpha.ServerReflectionRequest_FileContainingSymbol{FileContainingSymbol: service},
	})
	if err != nil {
		return err
	}
	response, err := stream.Recv()
	if err != nil {
		return err
	}
	return describes(response.GetFileDescriptorResponse().GetFileDescriptorProto())
}

// describes makes descriptors of the files, of which the first declares the service.
func describes(files [][]byte) error {
	set := &descriptorpb.FileDescriptorSet{}
	for _, bytes := range files {
		file := &descriptorpb.FileDescriptorProto{}
		if err := proto.Unmarshal(bytes, file); err != nil {
			return err
		}
		set.File = append(set.File, file)
	}
	if len(set.File) == 0 || set.File[0].GetName() != "grpc/testing/test.proto" {
		return fmt.Errorf("the service's file does not come first: %v", set)
	}
	registry, err := protodesc.NewFiles(set)
	if err != nil {
		return err
	}
	found, err := registry.FindDescriptorByName(service)
	if err != nil {
		return err
	}
	if described, ok := found.(protoreflect.ServiceDescriptor); !ok || described.Methods().ByName("UnaryCall") == nil {
		return fmt.Errorf("%s has no method UnaryCall: %v", service, found)
	}
	return nil
}

// channelzLook finds this program's own connection at the server that it asks.
func channelzLook(ctx context.Context) error {
	channel, err := dial("{}")
	if err != nil {
		return err
	}
	defer channel.Close()
	client := channelz.NewChannelzClient(channel)
	servers, err := client.GetServers(ctx, &channelz.GetServersRequest{})
	if err != nil {
		return err
	}
	if len(servers.Server) != 1 || !servers.End || servers.Server[0].GetData().GetCallsStarted() == 0 {
		return fmt.Errorf("the servers are %v", servers)
	}
	sockets, err := client.GetServerSockets(ctx, &channelz.GetServerSocketsRequest{ServerId: servers.Server[0].Ref.ServerId})
	if err != nil {
		return err
	}
	if len(sockets.SocketRef) != 1 || !sockets.End {
		return fmt.Errorf("the sockets are %v", sockets)
	}
	response, err := client.GetSocket(ctx, &channelz.GetSocketRequest{SocketId: sockets.SocketRef[0].SocketId})
	if err != nil {
		return err
	}
	socket := response.GetSocket()
	data := socket.GetData()
	if data.GetStreamsStarted() != 3 || data.GetStreamsSucceeded() != 2 || data.GetStreamsFailed() != 0 ||
		data.GetMessagesReceived() != 3 || data.GetMessagesSent() != 2 || data.GetLastRemoteStreamCreatedTimestamp() == nil {
		return fmt.Errorf("the socket has %v", data)
	}
	if socket.GetLocal().GetTcpipAddress().GetPort() != int32(*serverPort) {
		return fmt.Errorf("the socket is at %v", socket.GetLocal())
	}
	_, err = client.GetChannel(ctx, &channelz.GetChannelRequest{ChannelId: 1 << 40})
	if status.Code(err) != codes.NotFound {
		return fmt.Errorf("an unknown channel ended with %v", err)
	}
	return nil
}
