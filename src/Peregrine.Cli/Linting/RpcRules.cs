// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Linq;
using Peregrine.Cli.Rules;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Linting;

/// <summary>Rules of services and their methods.</summary>
internal static class RpcRules
{
    private const string Empty = "google.protobuf.Empty";

    /// <summary>The rules.</summary>
    public static IReadOnlyList<LintRule> All { get; } =
    [
        LintRule.OfEach("SERVICE_SUFFIX", LintRule.InStandard, "Services are called so.", file => file.Services,
            (run, service) => run.Settings.Text("service_suffix", "Service") is var suffix && !service.Name.EndsWith(suffix, StringComparison.Ordinal)
                ? $"Service name \"{service.Name}\" should be suffixed with \"{suffix}\"." : null),
        new("RPC_REQUEST_RESPONSE_UNIQUE", LintRule.InStandard, "Each method has messages of its own, which can grow without another's.", CheckUnique),
        LintRule.OfEach("RPC_REQUEST_STANDARD_NAME", LintRule.InStandard, "Requests are called as their method, or service and method.", DescriptorWalk.AllMethods,
            (run, method) => CheckName(run, method, method.InputType, "request")),
        LintRule.OfEach("RPC_RESPONSE_STANDARD_NAME", LintRule.InStandard, "Responses are called as their method, or service and method.", DescriptorWalk.AllMethods,
            (run, method) => CheckName(run, method, method.OutputType, "response")),
        LintRule.OfEach("RPC_NO_CLIENT_STREAMING", [LintRule.UnaryRpc], "No method takes a stream.", DescriptorWalk.AllMethods,
            (_, method) => method.IsClientStreaming ? $"RPC \"{method.Name}\" must not be client streaming." : null),
        LintRule.OfEach("RPC_NO_SERVER_STREAMING", [LintRule.UnaryRpc], "No method answers with a stream.", DescriptorWalk.AllMethods,
            (_, method) => method.IsServerStreaming ? $"RPC \"{method.Name}\" must not be server streaming." : null),
    ];

    private static void CheckUnique(LintRun run)
    {
        var uses = run.Files.SelectMany(DescriptorWalk.AllMethods)
            .SelectMany(method => new[] { (Method: method, Type: method.InputType, IsRequest: true), (Method: method, Type: method.OutputType, IsRequest: false) })
            .GroupBy(use => use.Type.FullName);
        foreach (var type in uses)
        {
            var all = type.Where(use => !(type.Key == Empty
                && run.Settings.IsOn(use.IsRequest ? "rpc_allow_google_protobuf_empty_requests" : "rpc_allow_google_protobuf_empty_responses"))).ToList();
            var methods = all.Select(use => use.Method).Distinct().ToList();
            if (methods.Count > 1)
            {
                methods.ForEach(method => run.Report(method, $"\"{type.Key}\" is used as the request or response type for multiple RPCs."));
            }
            else if (all.Count > 1 && !run.Settings.IsOn("rpc_allow_same_request_response"))
            {
                run.Report(methods[0], $"\"{type.Key}\" is used as the request and response type of RPC \"{methods[0].Name}\".");
            }
        }
    }

    private static string? CheckName(LintRun run, MethodDescriptor method, MessageDescriptor type, string kind)
    {
        if (type.FullName == Empty && run.Settings.IsOn($"rpc_allow_google_protobuf_empty_{kind}s"))
        {
            return null;
        }

        var suffix = NameStyle.Pascal(kind);
        var ofMethod = NameStyle.Pascal(method.Name) + suffix;
        var ofService = NameStyle.Pascal(method.Service.Name) + ofMethod;
        return type.Name == ofMethod || type.Name == ofService ? null
            : $"RPC {kind} type \"{type.Name}\" should be named \"{ofMethod}\" or \"{ofService}\".";
    }
}
