// SPDX-License-Identifier: Apache-2.0

package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

type authority struct {
	certificate *x509.Certificate
	key         crypto.Signer
}

type kind struct {
	name      string
	issuer    *authority // nil: it signs itself
	from      time.Duration
	until     time.Duration
	swapUsage bool
	key       crypto.Signer
}

var serial = big.NewInt(1000)

// writeCertificates makes, for a server and for a client, a good certificate and one for each way to be bad; the authorities; and the
// revocation list of the one that is trusted.
func writeCertificates(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	trusted := newAuthority("trusted authority", nil)
	other := newAuthority("other authority", nil)
	intermediate := newAuthority("intermediate authority", trusted)
	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		return err
	}
	day := 24 * time.Hour
	kinds := []kind{
		{name: "good", issuer: trusted, from: -day, until: day},
		{name: "expired", issuer: trusted, from: -2 * day, until: -day},
		{name: "not-yet-valid", issuer: trusted, from: day, until: 2 * day},
		{name: "wrong-authority", issuer: other, from: -day, until: day},
		{name: "wrong-usage", issuer: trusted, from: -day, until: day, swapUsage: true},
		{name: "self-signed", from: -day, until: day},
		{name: "revoked", issuer: trusted, from: -day, until: day},
		{name: "weak-key", issuer: trusted, from: -day, until: day, key: weak},
		{name: "incomplete", issuer: intermediate, from: -day, until: day},
	}
	var revoked []x509.RevocationListEntry
	for _, role := range []string{"server", "client"} {
		for _, one := range kinds {
			made, err := write(filepath.Join(dir, role+"-"+one.name), role, one)
			if err != nil {
				return err
			}
			if one.name == "revoked" {
				revoked = append(revoked, x509.RevocationListEntry{SerialNumber: made.SerialNumber, RevocationTime: time.Now().Add(-time.Hour)})
			}
		}
	}
	list, err := x509.CreateRevocationList(rand.Reader, &x509.RevocationList{
		Number: big.NewInt(1), ThisUpdate: time.Now().Add(-time.Hour), NextUpdate: time.Now().Add(day), RevokedCertificateEntries: revoked,
	}, trusted.certificate, trusted.key)
	if err != nil {
		return err
	}
	if err := writePEM(filepath.Join(dir, "ca.crl"), "X509 CRL", list); err != nil {
		return err
	}
	if err := writePEM(filepath.Join(dir, "other.crt"), "CERTIFICATE", other.certificate.Raw); err != nil {
		return err
	}
	return writePEM(filepath.Join(dir, "ca.crt"), "CERTIFICATE", trusted.certificate.Raw)
}

func write(path, role string, one kind) (*x509.Certificate, error) {
	usage := x509.ExtKeyUsageServerAuth
	if (role == "client") != one.swapUsage {
		usage = x509.ExtKeyUsageClientAuth
	}
	if one.key == nil {
		one.key = newKey()
	}
	template := &x509.Certificate{
		SerialNumber: next(),
		Subject:      pkix.Name{CommonName: role + " " + one.name},
		NotBefore:    time.Now().Add(one.from),
		NotAfter:     time.Now().Add(one.until),
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{usage},
		DNSNames:     []string{"localhost"},
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	issuer := one.issuer
	if issuer == nil {
		issuer = &authority{template, one.key}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, issuer.certificate, one.key.Public(), issuer.key)
	if err != nil {
		return nil, err
	}
	key, err := x509.MarshalPKCS8PrivateKey(one.key)
	if err != nil {
		return nil, err
	}
	if err := writePEM(path+".key", "PRIVATE KEY", key); err != nil {
		return nil, err
	}
	if err := writePEM(path+".crt", "CERTIFICATE", der); err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}

func newAuthority(name string, above *authority) *authority {
	key := newKey()
	template := &x509.Certificate{
		SerialNumber:          next(),
		Subject:               pkix.Name{CommonName: name},
		NotBefore:             time.Now().Add(-72 * time.Hour),
		NotAfter:              time.Now().Add(72 * time.Hour),
		IsCA:                  true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	if above == nil {
		above = &authority{template, key}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, above.certificate, key.Public(), above.key)
	check(err)
	certificate, err := x509.ParseCertificate(der)
	check(err)
	return &authority{certificate, key}
}

func newKey() crypto.Signer {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(err)
	return key
}

func next() *big.Int {
	serial = new(big.Int).Add(serial, big.NewInt(1))
	return serial
}

func writePEM(path, label string, der []byte) error {
	return os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: label, Bytes: der}), 0o600)
}
