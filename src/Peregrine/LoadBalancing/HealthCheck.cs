// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Http2.Hpack;
using Peregrine.Protobuf;
using Peregrine.Protobuf.Wire;
using Peregrine.Protocol;

namespace Peregrine.LoadBalancing;

/// <summary>
/// The call <c>grpc.health.v1.Health/Watch</c> of a channel (gRFC A17): what it sends, prepared once, and what its answers mean. The two messages have one
/// field each, and are written and read here, so that the core need not have the standard services. Thread-safe.
/// </summary>
internal sealed class HealthCheck
{
    /// <summary>The method.</summary>
    internal static readonly Method<byte[], byte[]> Watch = new(
        MethodType.ServerStreaming, "grpc.health.v1.Health", "Watch", Marshallers.BytesMarshaller, Marshallers.BytesMarshaller);

    private const int PrefixLength = 5;
    private const uint FieldOne = 1 << 3;
    private const int Serving = 1;

    private static readonly HeaderTemplate Path = RequestHeadersWriter.CreatePath(Watch);

    private readonly RequestHeadersWriter _headers;
    private readonly Func<CancellationToken, Task<Metadata>>? _credentials;
    private readonly Action<Metadata>? _refused;

    /// <param name="service">The service whose health is watched; empty for the server as a whole.</param>
    /// <param name="headers">Writes the constant headers.</param>
    /// <param name="credentials">Fetches the metadata of the channel's call credentials; null when it has none.</param>
    /// <param name="refused">Is told which of that metadata a server refused.</param>
    internal HealthCheck(
        string service, RequestHeadersWriter headers, Func<CancellationToken, Task<Metadata>>? credentials = null, Action<Metadata>? refused = null)
    {
        Service = service;
        Request = Encode(service);
        _headers = headers;
        _credentials = credentials;
        _refused = refused;
    }

    /// <summary>The service whose health is watched; empty for the server as a whole.</summary>
    internal string Service { get; }

    /// <summary>The request, framed: HealthCheckRequest { string service = 1; }.</summary>
    internal ReadOnlyMemory<byte> Request { get; }

    /// <summary>Fetches the metadata of the channel's call credentials for one call; null when it has none.</summary>
    /// <exception cref="RpcException">The call credentials failed.</exception>
    internal async ValueTask<Metadata?> FetchCredentialsAsync(CancellationToken cancellationToken) =>
        _credentials is null ? null : await _credentials(cancellationToken).ConfigureAwait(false);

    /// <summary>The request headers of one call.</summary>
    internal OutgoingHeaders CreateHeaders(Metadata? credentials)
    {
        var headers = new OutgoingHeaders();
        _headers.Write(headers, Path, host: null, TimeSpan.MaxValue, encoding: null, metadata: null, credentials);
        return headers;
    }

    /// <summary>The server ended a call with UNAUTHENTICATED: the next one shall carry other credentials.</summary>
    internal void OnRefused(Metadata? sent)
    {
        if (sent is not null)
        {
            _refused?.Invoke(sent);
        }
    }

    /// <summary>What a response says: HealthCheckResponse { ServingStatus status = 1; }.</summary>
    /// <returns>OK for SERVING, else the status of calls meanwhile.</returns>
    internal Status Read(in ReadOnlySequence<byte> response)
    {
        try
        {
            var status = 0;
            var reader = new WireReader(response);
            while (reader.ReadTag() is var tag and not 0)
            {
                if (tag == FieldOne)
                {
                    status = reader.ReadEnum();
                }
                else
                {
                    reader.SkipField(tag);
                }
            }

            return status == Serving
                ? Status.DefaultSuccess
                : new Status(StatusCode.Unavailable, $"The server says that {(Service.Length == 0 ? "it" : Subject)} is {NameOf(status)} (health checking).");
        }
        catch (InvalidProtocolBufferException broken)
        {
            return new Status(StatusCode.Unavailable, $"The server's answer about the health of {Subject} cannot be read: {broken.Message}", broken);
        }
    }

    /// <summary>The status of calls while nobody knows the health, since the watch failed.</summary>
    internal Status Unknown(Status ended) => new(
        StatusCode.Unavailable,
        $"The health of {Subject} is not known: {Watch.FullName} ended with {ended.StatusCode}: {ended.Detail}",
        ended.DebugException);

    private string Subject => Service.Length == 0 ? "the server" : $"'{Service}'";

    private static string NameOf(int status) => status switch
    {
        0 => "UNKNOWN",
        2 => "NOT_SERVING",
        3 => "SERVICE_UNKNOWN",
        _ => $"in the state {status}",
    };

    private static byte[] Encode(string service)
    {
        var name = Encoding.UTF8.GetBytes(service);
        var buffer = new byte[PrefixLength + 6 + name.Length];
        var end = PrefixLength;
        if (name.Length > 0)
        {
            buffer[end++] = 0x0A;
            for (var rest = (uint)name.Length; ; rest >>= 7)
            {
                buffer[end++] = (byte)(rest < 0x80 ? rest : rest | 0x80);
                if (rest < 0x80)
                {
                    break;
                }
            }

            name.CopyTo(buffer, end);
            end += name.Length;
        }

        BinaryPrimitives.WriteInt32BigEndian(buffer.AsSpan(1), end - PrefixLength);
        return buffer[..end];
    }
}
