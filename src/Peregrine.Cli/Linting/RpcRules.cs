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

    // Parts of a method, as source paths.
    private const string Request = ",2";
    private const string Response = ",3";

    /// <summary>The rules.</summary>
    public static IReadOnlyList<LintRule> All { get; } =
    [
        LintRule.OfEach("SERVICE_SUFFIX", LintRule.InStandard, "Services are called so.", file => file.Services, SourcePlaces.Name,
            (run, service) => run.Settings.Text("service_suffix", "Service") is var suffix && !service.Name.EndsWith(suffix, StringComparison.Ordinal)
                ? $"Service name \"{service.Name}\" should be suffixed with \"{suffix}\"." : null),
        new("RPC_REQUEST_RESPONSE_UNIQUE", LintRule.InStandard, "Each method has messages of its own, which can grow without another's.", CheckUnique),
        LintRule.OfEach("RPC_REQUEST_STANDARD_NAME", LintRule.InStandard, "Requests are called as their method, or service and method.", DescriptorWalk.AllMethods, Request,
            (run, method) => CheckName(run, method, method.InputType, "request")),
        LintRule.OfEach("RPC_RESPONSE_STANDARD_NAME", LintRule.InStandard, "Responses are called as their method, or service and method.", DescriptorWalk.AllMethods, Response,
            (run, method) => CheckName(run, method, method.OutputType, "response")),
        LintRule.OfEach("RPC_NO_CLIENT_STREAMING", [LintRule.UnaryRpc], "No method takes a stream.", DescriptorWalk.AllMethods, "",
            (_, method) => method.IsClientStreaming ? $"RPC \"{method.Name}\" must not be client streaming." : null),
        LintRule.OfEach("RPC_NO_SERVER_STREAMING", [LintRule.UnaryRpc], "No method answers with a stream.", DescriptorWalk.AllMethods, "",
            (_, method) => method.IsServerStreaming ? $"RPC \"{method.Name}\" must not be server streaming." : null),
    ];

    private static void CheckUnique(LintRun run)
    {
        List<MethodDescriptor> all = [.. run.Files.SelectMany(DescriptorWalk.AllMethods)];
        var allowsRequests = run.Settings.IsOn("rpc_allow_google_protobuf_empty_requests");
        var allowsResponses = run.Settings.IsOn("rpc_allow_google_protobuf_empty_responses");
        if (!run.Settings.IsOn("rpc_allow_same_request_response"))
        {
            foreach (var method in all.Where(method => method.InputType == method.OutputType && !(allowsRequests && allowsResponses && method.InputType.FullName == Empty)))
            {
                run.Report(method, "", $"\"{method.InputType.FullName}\" is used as the request and response type of RPC \"{method.Name}\".");
            }
        }

        var uses = all.SelectMany(method => new[] { (Method: method, Type: method.InputType, IsRequest: true), (Method: method, Type: method.OutputType, IsRequest: false) })
            .GroupBy(use => use.Type.FullName);
        foreach (var type in uses)
        {
            // Where Empty is allowed on one side, the methods of the other side must differ among themselves.
            var counted = type.Key == Empty ? type.Where(use => !(use.IsRequest ? allowsRequests : allowsResponses)) : type;
            List<MethodDescriptor> methods = [.. counted.Select(use => use.Method).Distinct()];
            if (methods.Count > 1)
            {
                methods.ForEach(method => run.Report(method, "", $"\"{type.Key}\" is used as the request or response type for multiple RPCs."));
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
