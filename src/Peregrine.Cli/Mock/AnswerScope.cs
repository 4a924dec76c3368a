// SPDX-License-Identifier: Apache-2.0

using System;
using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Nodes;
using Peregrine.Protobuf;

namespace Peregrine.Cli.Mock;

/// <summary>What templates may ask for while a call is answered. Of one call, for one thread at a time.</summary>
/// <param name="types">Writes requests as JSON.</param>
/// <param name="metadata">The metadata that the client sent.</param>
/// <param name="keepsRequests">Whether all requests are kept: where no template asks for them, a long stream holds no memory.</param>
/// <param name="time">The clock.</param>
internal sealed class AnswerScope(AnswerTypes types, Metadata metadata, bool keepsRequests, TimeProvider time)
{
    // Messages are read a hundred deep, and a level of a message may be two of JSON; without this it is 64.
    private static readonly JsonDocumentOptions DeepJson = new() { MaxDepth = 1000 };

    private readonly List<DynamicMessage> _requests = [];
    private JsonNode? _requestJson;

    /// <summary>The metadata that the client sent.</summary>
    public Metadata Metadata => metadata;

    /// <summary>The last request; null before the first.</summary>
    public DynamicMessage? Request { get; private set; }

    /// <summary>How many requests there were.</summary>
    public int RequestCount { get; private set; }

    /// <summary>How many responses there were: the index of the next.</summary>
    public int ResponseCount { get; set; }

    /// <summary>The time now.</summary>
    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>The last request as JSON, with fields that hold their default; null before the first.</summary>
    public JsonNode? RequestJson => _requestJson ??= Request is null ? null : ToJson(Request);

    /// <summary>All requests as JSON.</summary>
    public JsonNode RequestsJson => new JsonArray([.. _requests.Select(ToJson)]);

    /// <summary>A request came.</summary>
    public void Add(DynamicMessage request)
    {
        Request = request;
        _requestJson = null;
        RequestCount++;
        if (keepsRequests)
        {
            _requests.Add(request);
        }
    }

    private JsonNode? ToJson(DynamicMessage message)
    {
        var json = new ArrayBufferWriter<byte>();
        try
        {
            types.Formatter.Format(message, json);
        }
        catch (InvalidOperationException exception)
        {
            // An Any of a type that the schema does not know.
            throw new RpcException(new Status(StatusCode.Internal, $"Templates cannot look into the request: {exception.Message}"));
        }

        return JsonNode.Parse(json.WrittenSpan, nodeOptions: null, DeepJson);
    }
}
