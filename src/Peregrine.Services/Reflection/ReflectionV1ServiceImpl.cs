// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using Grpc.Reflection.V1;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Services.Reflection;

/// <summary>
/// The service <c>grpc.reflection.v1.ServerReflection</c> for services that are given. For those of a server, also when they change, and for both
/// versions at once: <see cref="GrpcServerServices.AddReflectionService"/>. Thread-safe.
/// </summary>
public class ReflectionV1ServiceImpl : ServerReflection.ServerReflectionBase
{
    private readonly ServerSchema _schema;

    /// <summary>Shows services, with their files and all that these import.</summary>
    /// <param name="services">The services' descriptors, such as <c>Greeter.Descriptor</c>.</param>
    public ReflectionV1ServiceImpl(params IEnumerable<ServiceDescriptor> services)
    {
        ArgumentNullException.ThrowIfNull(services);
        _schema = new ServerSchema(services);
    }

    internal ReflectionV1ServiceImpl(ServerSchema schema) => _schema = schema;

    /// <inheritdoc/>
    public override async Task ServerReflectionInfo(
        IAsyncStreamReader<ServerReflectionRequest> requestStream,
        IServerStreamWriter<ServerReflectionResponse> responseStream,
        ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(requestStream);
        ArgumentNullException.ThrowIfNull(responseStream);
        var stream = new ReflectionStream(_schema);
        while (await requestStream.MoveNext(default).ConfigureAwait(false))
        {
            await responseStream.WriteAsync(stream.Answer(requestStream.Current)).ConfigureAwait(false);
        }
    }
}
