// SPDX-License-Identifier: Apache-2.0
#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "echo.grpc.pb.h"
#include "flags.h"

namespace {

using Clock = std::chrono::steady_clock;
using Latencies = std::vector<double>;

double Microseconds(Clock::duration time) { return std::chrono::duration<double, std::micro>(time).count(); }

void Check(const grpc::Status& status) {
  if (!status.ok()) Fail("the call ended with " + std::to_string(status.error_code()) + ": " + status.error_message());
}

class Client {
 public:
  explicit Client(const Flags& flags);

  std::string Work(const std::string& kind, const Flags& flags);

 private:
  friend class Loop;
  friend class TimedCall;

  bench::Echo::Stub& Next() { return *connections_[next_++ % connections_.size()]; }
  void AddHeaders(grpc::ClientContext& context) const;
  void Add(int done, const Latencies& latencies);
  void ClosedLoop(int in_flight, const bench::Blob& message, Clock::time_point end);
  void OpenLoop(const bench::Blob& message, int per_second, Clock::time_point end);
  void Download(int messages, int size);
  void Upload(int messages, const bench::Blob& message);
  void PingPong(int messages, const bench::Blob& message);
  void Flow(int messages, const bench::Blob& message);

  std::vector<std::unique_ptr<bench::Echo::Stub>> connections_;
  std::vector<std::pair<std::string, std::string>> headers_;
  std::atomic<size_t> next_ = 0;
  std::mutex lock_;
  std::condition_variable ended_;
  int running_ = 0;
  int done_ = 0;
  Latencies latencies_;
};

// One call after the other until the time is up; each begins in the callback of the last.
class Loop {
 public:
  Loop(Client& client, const bench::Blob& message, Clock::time_point end) : client_(client), message_(message), end_(end) {}

  void Start() {
    start_ = Clock::now();
    Call();
  }

 private:
  void Call() {
    context_.emplace();
    client_.AddHeaders(*context_);
    client_.Next().async()->Unary(&*context_, &message_, &reply_, [this](const grpc::Status& status) { Answered(status); });
  }

  void Answered(const grpc::Status& status) {
    Check(status);
    Expect(message_.data().size(), reply_.data().size());
    Clock::time_point now = Clock::now();
    latencies_.push_back(Microseconds(now - start_));
    start_ = now;
    if (now < end_) {
      Call();
    } else {
      client_.Add(latencies_.size(), latencies_);
    }
  }

  Client& client_;
  const bench::Blob& message_;
  Clock::time_point end_;
  Clock::time_point start_;
  std::optional<grpc::ClientContext> context_;
  bench::Blob reply_;
  Latencies latencies_;
};

// A call that begins when the schedule says so; its latency counts from then.
class TimedCall {
 public:
  TimedCall(Client& client, const bench::Blob& message, Clock::time_point due) : client_(client), due_(due) {
    client_.Next().async()->Unary(&context_, &message, &reply_, [this](const grpc::Status& status) {
      Check(status);
      client_.Add(1, {Microseconds(Clock::now() - due_)});
      delete this;
    });
  }

 private:
  Client& client_;
  Clock::time_point due_;
  grpc::ClientContext context_;
  bench::Blob reply_;
};

Client::Client(const Flags& flags) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // each channel has a connection of its own
  if (flags.Has("unlimited")) arguments.SetMaxReceiveMessageSize(kLargeMessage);
  for (int i = 0; i < flags.Number("headers", 0); i++) {
    std::string number = std::to_string(10000 + i).substr(1);
    headers_.emplace_back("x-header-" + number.substr(2), "value-" + number);
  }
  std::string server = "127.0.0.1:" + std::to_string(flags.Number("port", 0));
  for (int i = 0; i < flags.Number("connections", 1); i++) {
    connections_.push_back(bench::Echo::NewStub(grpc::CreateCustomChannel(server, grpc::InsecureChannelCredentials(), arguments)));
    grpc::ClientContext context;
    context.set_wait_for_ready(true);
    bench::Blob message, reply;
    Check(connections_.back()->Unary(&context, message, &reply));
  }
}

void Client::AddHeaders(grpc::ClientContext& context) const {
  for (const auto& [name, value] : headers_) context.AddMetadata(name, value);
}

void Client::Add(int done, const Latencies& latencies) {
  std::lock_guard guard(lock_);
  done_ += done;
  latencies_.insert(latencies_.end(), latencies.begin(), latencies.end());
  running_--;
  ended_.notify_one();
}

std::string Client::Work(const std::string& kind, const Flags& flags) {
  done_ = 0;
  latencies_.clear();
  int size = flags.Number("size", 16);
  int messages = flags.Number("messages", 1000);
  bench::Blob message;
  message.set_data(std::string(size, 'a'));
  Clock::time_point start = Clock::now();
  Clock::time_point end = start + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(flags.Fraction("seconds", 1)));
  if (kind == "unary") {
    ClosedLoop(flags.Number("inflight", 1), message, end);
  } else if (kind == "rate") {
    OpenLoop(message, flags.Number("rate", 1000), end);
  } else {
    do {
      if (kind == "download") {
        Download(messages, size);
      } else if (kind == "upload") {
        Upload(messages, message);
      } else if (kind == "pingpong") {
        PingPong(messages, message);
      } else if (kind == "flow") {
        Flow(messages, message);
      } else {
        Fail("\"" + kind + "\" is no kind of work");
      }
    } while (Clock::now() < end);
  }
  double elapsed = Microseconds(Clock::now() - start) / 1e6;
  std::sort(latencies_.begin(), latencies_.end());
  auto at = [this](double part) { return latencies_.empty() ? 0 : latencies_[part * (latencies_.size() - 1)]; };
  std::ostringstream answer;
  answer << done_ << " PerSecond=" << done_ / elapsed << " MegabytesPerSecond=" << static_cast<double>(done_) * size / elapsed / 1e6
         << " P50=" << at(0.5) << " P99=" << at(0.99) << " P999=" << at(0.999) << " Longest=" << at(1);
  return answer.str();
}

void Client::ClosedLoop(int in_flight, const bench::Blob& message, Clock::time_point end) {
  std::vector<std::unique_ptr<Loop>> loops;
  running_ = in_flight;
  for (int i = 0; i < in_flight; i++) {
    loops.push_back(std::make_unique<Loop>(*this, message, end));
    loops.back()->Start();
  }
  std::unique_lock guard(lock_);
  ended_.wait(guard, [this] { return running_ == 0; });
}

void Client::OpenLoop(const bench::Blob& message, int per_second, Clock::time_point end) {
  Clock::time_point start = Clock::now();
  for (int i = 0;; i++) {
    Clock::time_point due = start + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(static_cast<double>(i) / per_second));
    if (due >= end) break;
    std::this_thread::sleep_until(due);
    {
      std::lock_guard guard(lock_);
      running_++;
    }
    new TimedCall(*this, message, due);
  }
  std::unique_lock guard(lock_);
  ended_.wait(guard, [this] { return running_ == 0; });
}

void Client::Download(int messages, int size) {
  grpc::ClientContext context;
  bench::Transfer request;
  request.set_messages(messages);
  request.set_octets_each(size);
  auto stream = Next().Download(&context, request);
  bench::Blob message;
  int received = 0;
  while (stream->Read(&message)) received++;
  Check(stream->Finish());
  Expect(messages, received);
  done_ += received;
}

void Client::Upload(int messages, const bench::Blob& message) {
  grpc::ClientContext context;
  bench::Transfer total;
  auto stream = Next().Upload(&context, &total);
  for (int i = 0; i < messages; i++) {
    if (!stream->Write(message)) Fail("the stream ended early");
  }
  stream->WritesDone();
  Check(stream->Finish());
  Expect(messages, total.messages());
  done_ += messages;
}

void Client::PingPong(int messages, const bench::Blob& message) {
  grpc::ClientContext context;
  auto stream = Next().PingPong(&context);
  bench::Blob reply;
  for (int i = 0; i < messages; i++) {
    Clock::time_point start = Clock::now();
    if (!stream->Write(message) || !stream->Read(&reply)) Fail("the stream ended early");
    latencies_.push_back(Microseconds(Clock::now() - start));
    Expect(message.data().size(), reply.data().size());
  }
  stream->WritesDone();
  Check(stream->Finish());
  done_ += messages;
}

// Sends without waiting for what comes back.
void Client::Flow(int messages, const bench::Blob& message) {
  grpc::ClientContext context;
  auto stream = Next().PingPong(&context);
  std::thread sender([&] {
    for (int i = 0; i < messages; i++) {
      if (!stream->Write(message)) Fail("the stream ended early");
    }
    stream->WritesDone();
  });
  bench::Blob reply;
  int received = 0;
  while (stream->Read(&reply)) received++;
  sender.join();
  Check(stream->Finish());
  Expect(messages, received);
  done_ += received;
}

}  // namespace

void Ask(const Flags& flags) {
  Client client(flags);
  std::cout << "ready" << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    std::vector<std::string> words = Words(line);
    bool usage = words[0] == "measure" || words[0] == "collect";
    std::cout << (usage ? Usage() : client.Work(words[0], Flags({words.begin() + 1, words.end()}))) << std::endl;
  }
}
