// SPDX-License-Identifier: Apache-2.0

// Package grpc_study holds what the tutorial's programs share: their flags, the listener, the certificates.
package grpc_study

import (
	"crypto/tls"
	"crypto/x509"
	"flag"
	"fmt"
	"log"
	"net"
	"os"
)

// Addr and Key are the flags of every program: where the server listens, and the folder with the certificates.
var (
	Addr = flag.String("addr", "127.0.0.1:9090", "address of the server")
	Key  = flag.String("key", "key", "folder with the tutorial's certificates")
)

// Listen opens the address given by -addr and prints it, so that a script can wait for the line.
func Listen(addr string) net.Listener {
	listen, err := net.Listen("tcp", addr)
	if err != nil {
		log.Fatalf("failed to listen: %v", err)
	}
	fmt.Printf("listening on %s\n", listen.Addr())
	return listen
}

// Pair reads NAME.pem and NAME.key from the key folder.
func Pair(name string) tls.Certificate {
	cert, err := tls.LoadX509KeyPair(*Key+"/"+name+".pem", *Key+"/"+name+".key")
	if err != nil {
		log.Fatalf("cannot read the certificate %s: %v", name, err)
	}
	return cert
}

// Roots reads one PEM file of the key folder into a pool.
func Roots(file string) *x509.CertPool {
	pem, err := os.ReadFile(*Key + "/" + file)
	if err != nil {
		log.Fatalf("cannot read the root certificate: %v", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		log.Fatalf("no certificate in %s", file)
	}
	return pool
}
