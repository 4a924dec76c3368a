// SPDX-License-Identifier: Apache-2.0

// Client and server under TLS on grpc-go, and the certificates of eng/bad-certificates.sh:
//
//	go-tlspeer certificates DIR
//	go-tlspeer server -port N -cert FILE -key FILE [-client-roots FILE [-crl FILE]]
//	go-tlspeer client -port N -roots FILE [-cert FILE -key FILE] [-name NAME] [-crl FILE] [-careless]
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"flag"
	"fmt"
	"log"
	"net"
	"os"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/health"
	pb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"
)

var (
	port        = flag.Int("port", 0, "the port, on 127.0.0.1")
	cert        = flag.String("cert", "", "our certificate chain, PEM")
	key         = flag.String("key", "", "its private key, PEM")
	roots       = flag.String("roots", "", "client: the authorities to trust, PEM")
	clientRoots = flag.String("client-roots", "", "server: the authorities to trust in clients, PEM; they must show a certificate then")
	crl         = flag.String("crl", "", "a revocation list of the authority, PEM")
	name        = flag.String("name", "localhost", "client: the name that the server must have")
	careless    = flag.Bool("careless", false, "client: take any certificate")
)

func main() {
	if len(os.Args) < 2 {
		log.Fatal("usage: go-tlspeer certificates|server|client ...")
	}
	role := os.Args[1]
	if err := flag.CommandLine.Parse(os.Args[2:]); err != nil {
		log.Fatal(err)
	}
	switch role {
	case "certificates":
		check(writeCertificates(flag.Arg(0)))
	case "server":
		serve()
	case "client":
		call()
	default:
		log.Fatalf("unknown role %q", role)
	}
}

func serve() {
	config := &tls.Config{Certificates: []tls.Certificate{pair()}}
	if *clientRoots != "" {
		config.ClientAuth = tls.RequireAndVerifyClientCert
		config.ClientCAs = pool(*clientRoots)
		config.VerifyConnection = refuseRevoked
	}
	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", *port))
	check(err)
	server := grpc.NewServer(grpc.Creds(credentials.NewTLS(config)))
	pb.RegisterHealthServer(server, health.NewServer())
	check(server.Serve(listener))
}

func call() {
	config := &tls.Config{ServerName: *name, InsecureSkipVerify: *careless}
	if !*careless {
		config.RootCAs = pool(*roots)
		config.VerifyConnection = refuseRevoked
	}
	if *cert != "" {
		config.Certificates = []tls.Certificate{pair()}
	}
	conn, err := grpc.NewClient(fmt.Sprintf("127.0.0.1:%d", *port), grpc.WithTransportCredentials(credentials.NewTLS(config)))
	check(err)
	defer conn.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if _, err = pb.NewHealthClient(conn).Check(ctx, &pb.HealthCheckRequest{}); err != nil {
		fmt.Printf("%s: %s\n", status.Code(err), status.Convert(err).Message())
		os.Exit(1)
	}
	fmt.Println("OK")
}

// refuseRevoked looks for the peer's certificate in the list, which the authority that issued it must have signed.
func refuseRevoked(state tls.ConnectionState) error {
	if *crl == "" {
		return nil
	}
	block, _ := pem.Decode(read(*crl))
	list, err := x509.ParseRevocationList(block.Bytes)
	if err != nil {
		return err
	}
	chain := state.VerifiedChains[0]
	if err := list.CheckSignatureFrom(chain[1]); err != nil {
		return err
	}
	for _, entry := range list.RevokedCertificateEntries {
		if entry.SerialNumber.Cmp(chain[0].SerialNumber) == 0 {
			return errors.New("the certificate is revoked")
		}
	}
	return nil
}

func pair() tls.Certificate {
	loaded, err := tls.LoadX509KeyPair(*cert, *key)
	check(err)
	return loaded
}

func pool(file string) *x509.CertPool {
	made := x509.NewCertPool()
	if !made.AppendCertsFromPEM(read(file)) {
		log.Fatalf("%s has no certificate", file)
	}
	return made
}

func read(file string) []byte {
	contents, err := os.ReadFile(file)
	check(err)
	return contents
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
