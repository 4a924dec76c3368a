// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using Grpc.Reflection.V1Alpha;
using Peregrine.Protobuf;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Services.Reflection;

/// <summary>
/// The service <c>grpc.reflection.v1alpha.ServerReflection</c>, which older tools ask, for services that are given. For those of a server, also when
/// they change, and for both versions at once: <see cref="GrpcServerServices.AddReflectionService"/>. Thread-safe.
/// </summary>
public class ReflectionServiceImpl : ServerReflection.ServerReflectionBase
{
    private readonly ServerSchema _schema;

    /// <summary>Shows services, with their files and all that these import.</summary>
    /// <param name="services">The services' descriptors, such as <c>Greeter.Descriptor</c>.</param>
    public ReflectionServiceImpl(params IEnumerable<ServiceDescriptor> services)
    {
        ArgumentNullException.ThrowIfNull(services);
        _schema = new ServerSchema(services);
    }

    internal ReflectionServiceImpl(ServerSchema schema) => _schema = schema;

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
            // The versions differ in the name of the package only: the same bytes.
            var request = Grpc.Reflection.V1.ServerReflectionRequest.Parser.ParseFrom(requestStream.Current.ToByteString());
            var response = stream.Answer(request).ToByteString();
            await responseStream.WriteAsync(ServerReflectionResponse.Parser.ParseFrom(response)).ConfigureAwait(false);
        }
    }
}
