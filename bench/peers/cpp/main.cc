// SPDX-License-Identifier: Apache-2.0

// C++ gRPC as a contestant of CallBench: its client or its server, in a process of its own that is told by lines what to do.
//
//   cpp-bench server PORT [control=1] [unlimited=1]
//   cpp-bench client port=N [connections=N] [headers=N] [unlimited=1]
#include <sys/resource.h>
#include <unistd.h>

#include <fstream>

#include "flags.h"

// What this process has used since it started: CPU time in microseconds and octets resident. Nobody counts what is allocated.
std::string Usage() {
  rusage used;
  getrusage(RUSAGE_SELF, &used);
  long cpu = (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000L + used.ru_utime.tv_usec + used.ru_stime.tv_usec;
  long size = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> size >> resident;
  return "cpu=" + std::to_string(cpu) + " resident=" + std::to_string(resident * sysconf(_SC_PAGESIZE));
}

int main(int count, char** values) {
  std::vector<std::string> words(values + 1, values + count);
  if (words.size() > 1 && words[0] == "server") {
    Serve(words[1], Flags({words.begin() + 2, words.end()}));
  } else if (words.size() > 1 && words[0] == "client") {
    Ask(Flags({words.begin() + 1, words.end()}));
  } else {
    Fail("usage: cpp-bench server PORT [name=value...] | client port=N [name=value...]");
  }
  return 0;
}
