// SPDX-License-Identifier: Apache-2.0

using System.Collections.Generic;
using System.Linq;
using Peregrine.Protobuf;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Mock;

/// <summary>A method that is mocked: its rules, and what calls without rule get. Thread-safe.</summary>
internal sealed class MockMethod
{
    private readonly EchoFields? _echo;

    /// <summary>Makes one.</summary>
    /// <param name="descriptor">The method.</param>
    /// <param name="rules">Its rules, in the order in which they are tried.</param>
    /// <param name="types">The schema.</param>
    /// <param name="echoes">Whether a call without rule gets its request back, as far as it fits the response.</param>
    public MockMethod(MethodDescriptor descriptor, IReadOnlyList<AnswerRule> rules, AnswerTypes types, bool echoes)
    {
        Descriptor = descriptor;
        Rules = rules;
        Types = types;
        NeedsAllRequests = rules.Any(rule => rule.NeedsAllRequests);
        AnswersEachRequest = descriptor is { IsClientStreaming: true, IsServerStreaming: true } && rules.All(rule => rule.Phase == RulePhase.Each);
        _echo = echoes ? new EchoFields(descriptor.InputType, descriptor.OutputType) : null;
    }

    /// <summary>The method.</summary>
    public MethodDescriptor Descriptor { get; }

    /// <summary>Its path without the first slash, <c>package.Service/Method</c>.</summary>
    public string Name => $"{Descriptor.Service.FullName}/{Descriptor.Name}";

    /// <summary>The rules, in the order in which they are tried.</summary>
    public IReadOnlyList<AnswerRule> Rules { get; }

    /// <summary>The schema.</summary>
    public AnswerTypes Types { get; }

    /// <summary>Whether templates ask for all requests of a call.</summary>
    public bool NeedsAllRequests { get; }

    /// <summary>Whether a request of a stream that no rule is for gets a response without rule, too.</summary>
    public bool AnswersEachRequest { get; }

    /// <summary>Reads a request; fields that are required may be missing.</summary>
    /// <exception cref="RpcException">It is no message of the type.</exception>
    public DynamicMessage ReadRequest(byte[] bytes)
    {
        var request = new DynamicMessage(Descriptor.InputType);
        try
        {
            request.MergePartialFrom(bytes, Types.Extensions);
            return request;
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new RpcException(new Status(StatusCode.Internal, $"The request is no {Descriptor.InputType.FullName}: {exception.Message}"));
        }
    }

    /// <summary>The response of a call without rule: empty, or of what the request holds.</summary>
    public byte[] AnswerWithoutRule(DynamicMessage? request) => _echo is null || request is null ? [] : _echo.Echo(request).ToByteArray();
}
