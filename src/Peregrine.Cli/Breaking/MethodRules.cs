// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Breaking;

/// <summary>Rules that a method that stays is called as before.</summary>
internal static class MethodRules
{
    /// <summary>The rules.</summary>
    public static IReadOnlyList<BreakingRule> All { get; } =
    [
        Rule("RPC_SAME_REQUEST_TYPE", "A method keeps its request.", "request type", method => method.InputType.FullName, ",2"),
        Rule("RPC_SAME_RESPONSE_TYPE", "A method keeps its response.", "response type", method => method.OutputType.FullName, ",3"),
        Rule("RPC_SAME_CLIENT_STREAMING", "A method keeps taking a stream, or one message.", "", method => method.IsClientStreaming ? "client streaming" : "client unary", ""),
        Rule("RPC_SAME_SERVER_STREAMING", "A method keeps answering with a stream, or one message.", "", method => method.IsServerStreaming ? "server streaming" : "server unary", ""),
        Rule("RPC_SAME_IDEMPOTENCY_LEVEL", "A method stays as safe to call twice as it is.", "option \"idempotency_level\"", method => (method.GetOptions()?.IdempotencyLevel ?? default).ToString(), ",4,34"),
    ];

    private static BreakingRule Rule(string name, string purpose, string what, Func<MethodDescriptor, string> valueOf, string part) =>
        BreakingRule.OfPairs(name, BreakingRule.InAll, purpose, run => run.Methods, (before, after) => valueOf(before) is var was && valueOf(after) is var now && was != now
            ? $"RPC \"{before.Name}\" on service \"{before.Service.FullName}\" changed {(what.Length == 0 ? "" : what + " ")}from \"{was}\" to \"{now}\"."
            : null, part);
}
