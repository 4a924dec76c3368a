// SPDX-License-Identifier: Apache-2.0
#include <grpcpp/grpcpp.h>

#include "echo.grpc.pb.h"
#include "flags.h"
#include "hello.grpc.pb.h"

namespace {

class Greeter final : public SayHello::CallbackService {
  grpc::ServerUnaryReactor* SayHello(grpc::CallbackServerContext* context, const HelloReq* request, HelloRes* response) override {
    response->set_resmessage("Message send by SayHello server :Hello " + request->messagename());
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
};

class Downloading final : public grpc::ServerWriteReactor<bench::Blob> {
 public:
  explicit Downloading(const bench::Transfer& request) : left_(request.messages()) {
    message_.set_data(std::string(request.octets_each(), '\0'));
    Next();
  }

  void OnWriteDone(bool ok) override {
    if (ok) {
      Next();
    } else {
      Finish(grpc::Status::CANCELLED);
    }
  }

  void OnDone() override { delete this; }

 private:
  void Next() {
    if (left_-- > 0) {
      StartWrite(&message_);
    } else {
      Finish(grpc::Status::OK);
    }
  }

  bench::Blob message_;
  int left_;
};

class Uploading final : public grpc::ServerReadReactor<bench::Blob> {
 public:
  explicit Uploading(bench::Transfer* total) : total_(total) { StartRead(&message_); }

  void OnReadDone(bool ok) override {
    if (!ok) {
      Finish(grpc::Status::OK);
      return;
    }
    total_->set_messages(total_->messages() + 1);
    total_->set_octets_each(message_.data().size());
    StartRead(&message_);
  }

  void OnDone() override { delete this; }

 private:
  bench::Transfer* total_;
  bench::Blob message_;
};

class PingPonging final : public grpc::ServerBidiReactor<bench::Blob, bench::Blob> {
 public:
  PingPonging() { StartRead(&message_); }

  void OnReadDone(bool ok) override {
    if (ok) {
      StartWrite(&message_);
    } else {
      Finish(grpc::Status::OK);
    }
  }

  void OnWriteDone(bool ok) override {
    if (ok) {
      StartRead(&message_);
    } else {
      Finish(grpc::Status::CANCELLED);
    }
  }

  void OnDone() override { delete this; }

 private:
  bench::Blob message_;
};

class Echoes final : public bench::Echo::CallbackService {
  grpc::ServerUnaryReactor* Unary(grpc::CallbackServerContext* context, const bench::Blob* request, bench::Blob* response) override {
    *response = *request;
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }

  grpc::ServerWriteReactor<bench::Blob>* Download(grpc::CallbackServerContext*, const bench::Transfer* request) override {
    return new Downloading(*request);
  }

  grpc::ServerReadReactor<bench::Blob>* Upload(grpc::CallbackServerContext*, bench::Transfer* total) override {
    return new Uploading(total);
  }

  grpc::ServerBidiReactor<bench::Blob, bench::Blob>* PingPong(grpc::CallbackServerContext*) override { return new PingPonging(); }
};

}  // namespace

void Serve(const std::string& port, const Flags& flags) {
  Greeter greeter;
  Echoes echoes;
  int bound = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:" + port, grpc::InsecureServerCredentials(), &bound);
  builder.RegisterService(&greeter);
  builder.RegisterService(&echoes);
  if (flags.Has("unlimited")) builder.SetMaxReceiveMessageSize(kLargeMessage);
  std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (!server) Fail("cannot listen on port " + port);
  if (!flags.Has("control")) {
    server->Wait();
    return;
  }
  std::cout << bound << std::endl;
  for (std::string line; std::getline(std::cin, line);) std::cout << Usage() << std::endl;
  server->Shutdown(std::chrono::system_clock::now());
}
