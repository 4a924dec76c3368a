// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"io"
	"log"
)

// What is measured must have been answered: anything else ends the process.

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func checkEnd(err error) {
	if !errors.Is(err, io.EOF) {
		log.Fatalf("the stream ended with %v", err)
	}
}

func expect(expected, found int) {
	if expected != found {
		log.Fatalf("expected %d, got %d", expected, found)
	}
}
