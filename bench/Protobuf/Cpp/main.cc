// SPDX-License-Identifier: Apache-2.0
// Parses and writes the payloads of the protobuf benchmarks with the C++ runtime: one line a row and operation, "row|operation|nanoseconds".
// Usage: main FOLDER, where FOLDER holds one file of bytes a row (bench/protobuf-cpp.sh makes them).
#include <google/protobuf/descriptor.pb.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

#include "bench.pb.h"
#include "mix.pb.h"

namespace {

using Clock = std::chrono::steady_clock;

double Nanoseconds(Clock::duration time) { return std::chrono::duration<double, std::nano>(time).count(); }

// The best of many short slices, as the other side measures.
template <typename Work>
double Measure(Work work) {
  constexpr double kSlice = 2e6;
  long count = 1;
  double best = 1e300;
  for (int round = 0; round < 250; round++) {
    Clock::time_point start = Clock::now();
    for (long i = 0; i < count; i++) {
      work();
    }
    double time = Nanoseconds(Clock::now() - start);
    best = std::min(best, time / count);
    if (time < kSlice / 2) {
      count *= 2;
    }
    if (round >= 15 && best > 2 * kSlice) {
      break;
    }
  }
  return best;
}

template <typename Message>
void Row(const std::string& folder, const char* name) {
  std::ifstream file(folder + "/" + name, std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (bytes.empty()) {
    std::fprintf(stderr, "%s/%s: no bytes\n", folder.c_str(), name);
    std::exit(1);
  }

  // A new message each time, as a server makes one for each request.
  double parse = Measure([&] {
    Message message;
    if (!message.ParseFromString(bytes)) {
      std::exit(1);
    }
  });
  Message message;
  message.ParseFromString(bytes);
  std::string output(bytes.size() + 64, '\0');
  double write = Measure([&] {
    size_t size = message.ByteSizeLong();
    message.SerializeWithCachedSizesToArray(reinterpret_cast<uint8_t*>(&output[0]));
    if (size != bytes.size()) {
      std::exit(1);
    }
  });
  std::printf("%s|parse|%.1f\n%s|write|%.1f\n", name, parse, name, write);
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  std::string folder = argc > 1 ? argv[1] : ".";
  Row<bench::Greeting>(folder, "greeting");
  Row<bench::Node>(folder, "nested");
  Row<bench::Article>(folder, "strings");
  Row<bench::Series>(folder, "packed");
  Row<bench::Directory>(folder, "maps");
  Row<bench::Nothing>(folder, "unknown");
  Row<bench::Mix>(folder, "mix, small");
  Row<bench::Mix>(folder, "mix, large");
  Row<google::protobuf::FileDescriptorSet>(folder, "descriptors");
  return 0;
}
