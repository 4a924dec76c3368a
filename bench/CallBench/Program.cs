// SPDX-License-Identifier: Apache-2.0
using Bench.Calls;
using CallBench;
using CallBench.Clients;
using CallBench.Questions;

// usage: CallBench QUESTION [name=value ...]    answers a question: starts servers and clients, prints a table
//        CallBench client|sockets name=value ...        what a question starts: a client, an echo on bare sockets
//        CallBench fixed-answers port=N                 what bench/server-cpu.sh starts: answers of HTTP/2 from bare sockets
Dictionary<string, Func<RunSettings, Task>> questions = new()
{
    ["unary"] = UnaryQuestion.RunAsync,
    ["streaming"] = StreamingQuestion.RunAsync,
    ["large"] = LargeQuestion.RunAsync,
    ["tls"] = UnaryQuestion.RunOverTlsAsync,
    ["tls-handshake"] = HandshakeQuestion.RunAsync,
    ["production"] = ProductionQuestion.RunAsync,
    ["connections"] = ConnectionsQuestion.RunAsync,
    ["growth"] = GrowthQuestion.RunAsync,
    ["open-loop"] = OpenLoopQuestion.RunAsync,
    ["gzip"] = GzipQuestion.RunAsync,
    ["startup"] = StartupQuestion.RunAsync,
};
switch (args)
{
    case ["client", .. var words]:
        await ClientProcess.RunAsync(new Flags(words));
        return 0;
    case ["sockets", .. var words]:
        SocketServer.Run(new Flags(words));
        return 0;
    case ["fixed-answers", .. var words]:
        FixedAnswerServer.Run(new Flags(words));
        return 0;
    case [var name, .. var words] when questions.TryGetValue(name, out Func<RunSettings, Task>? question):
        await question(new RunSettings(new Flags(words)));
        return 0;
    default:
        await Console.Error.WriteLineAsync($"Say one of: {string.Join(", ", questions.Keys)}.");
        return 2;
}
