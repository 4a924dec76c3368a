// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using Grpc.Health.V1;
using Peregrine.Protobuf.Reflection;
using Peregrine.Services.Channelz;
using Peregrine.Services.HealthCheck;
using Peregrine.Services.Reflection;

namespace Peregrine.Services;

/// <summary>Adds the standard services to a server.</summary>
public static class GrpcServerServices
{
    /// <summary>Adds health checking.</summary>
    /// <param name="server">The server.</param>
    /// <returns>The service, to set statuses with; the server as a whole is SERVING.</returns>
    /// <exception cref="ArgumentException">The server has a health service already.</exception>
    public static HealthServiceImpl AddHealthService(this GrpcServer server)
    {
        var health = new HealthServiceImpl();
        _ = server.AddHealthService(health);
        return health;
    }

    /// <summary>
    /// Adds health checking. When the server begins to stop, all statuses become NOT_SERVING, and calls that watch end with UNAVAILABLE once they
    /// have said so: a graceful stop does not wait for them.
    /// </summary>
    /// <param name="server">The server.</param>
    /// <param name="health">The service; of this server alone, since the server's stop is its end.</param>
    /// <returns>The server.</returns>
    /// <exception cref="ArgumentException">The server has a health service already.</exception>
    public static GrpcServer AddHealthService(this GrpcServer server, HealthServiceImpl health)
    {
        ArgumentNullException.ThrowIfNull(server);
        ArgumentNullException.ThrowIfNull(health);
        _ = server.AddService(Health.BindService(health));
        _ = server.StoppingToken.Register(health.End);
        return server;
    }

    /// <summary>
    /// Adds server reflection, versions v1 and v1alpha: tools learn from it which services the server has, and their .proto files. Services that are
    /// added and removed later are seen.
    /// </summary>
    /// <param name="server">The server.</param>
    /// <param name="files">
    /// Further files to show, with what they import: such as those of extensions, and of services that were written without generated code. Files of
    /// the server's generated services need not be named. They are asked for anew when the server's services have changed, by any thread.
    /// </param>
    /// <returns>The server.</returns>
    /// <exception cref="ArgumentException">The server has a reflection service already.</exception>
    public static GrpcServer AddReflectionService(this GrpcServer server, params IEnumerable<FileDescriptor> files)
    {
        ArgumentNullException.ThrowIfNull(server);
        ArgumentNullException.ThrowIfNull(files);
        var schema = new ServerSchema(() => server.Services, files);
        return server
            .AddService(Grpc.Reflection.V1.ServerReflection.BindService(new ReflectionV1ServiceImpl(schema)))
            .AddService(Grpc.Reflection.V1Alpha.ServerReflection.BindService(new ReflectionServiceImpl(schema)));
    }

    /// <summary>
    /// Adds channelz: the channels, servers and connections of the whole process, with states, counters, addresses and certificates. Meant for
    /// operators: put it on a port of its own that only they reach.
    /// </summary>
    /// <param name="server">The server.</param>
    /// <returns>The server.</returns>
    /// <exception cref="ArgumentException">The server has a channelz service already.</exception>
    public static GrpcServer AddChannelzService(this GrpcServer server)
    {
        ArgumentNullException.ThrowIfNull(server);
        return server.AddService(Grpc.Channelz.V1.Channelz.BindService(new ChannelzService()));
    }
}
