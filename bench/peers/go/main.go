// SPDX-License-Identifier: Apache-2.0

// grpc-go as a contestant of CallBench: its client or its server, in a process of its own that is told by lines what to do.
//
//	go-bench server PORT [control=1] [unlimited=1]
//	go-bench client port=N [connections=N] [headers=N] [unlimited=1]
package main

import (
	"bufio"
	"fmt"
	"log"
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"
)

const largeMessage = 64 << 20

// flags are words written name=value.
type flags map[string]string

func parse(words []string) flags {
	parsed := flags{}
	for _, word := range words {
		name, value, _ := strings.Cut(word, "=")
		parsed[name] = value
	}
	return parsed
}

func (f flags) number(name string, otherwise int) int {
	if text, ok := f[name]; ok {
		if number, err := strconv.Atoi(text); err == nil {
			return number
		}
		log.Fatalf("%s=%s is no number", name, text)
	}
	return otherwise
}

func (f flags) has(name string) bool {
	_, ok := f[name]
	return ok
}

func main() {
	if len(os.Args) > 2 && os.Args[1] == "server" {
		serve(os.Args[2], parse(os.Args[3:]))
	} else if len(os.Args) > 2 && os.Args[1] == "client" {
		ask(parse(os.Args[2:]))
	} else {
		log.Fatal("usage: go-bench server PORT [name=value...] | client port=N [name=value...]")
	}
}

// answer reads a line after the other until the input ends, and says what this process has used or, for other lines, what work says.
func answer(work func(kind string, options flags) string) {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		words := strings.Split(lines.Text(), " ")
		switch words[0] {
		case "collect":
			runtime.GC()
			fmt.Println(usage())
		case "measure":
			fmt.Println(usage())
		default:
			fmt.Println(work(words[0], parse(words[1:])))
		}
	}
}

// usage is what this process has used since it started: CPU time in microseconds, octets allocated, octets resident.
func usage() string {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		log.Fatal(err)
	}
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	cpu := (used.Utime.Nano() + used.Stime.Nano()) / 1000
	return fmt.Sprintf("cpu=%d allocated=%d resident=%d", cpu, memory.TotalAlloc, resident())
}

func resident() int {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		log.Fatal(err)
	}
	pages, err := strconv.Atoi(strings.Fields(string(text))[1])
	if err != nil {
		log.Fatal(err)
	}
	return pages * os.Getpagesize()
}
