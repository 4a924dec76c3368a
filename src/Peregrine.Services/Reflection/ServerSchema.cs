// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Linq;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Services.Reflection;

/// <summary>What reflection knows of a server: kept while the server's services are the same, made anew when they are others. Thread-safe.</summary>
internal sealed class ServerSchema
{
    private readonly Func<IReadOnlyList<ServerServiceDefinition>> _services;
    private readonly IEnumerable<FileDescriptor> _files;
    private volatile Known? _known;

    /// <summary>The schema of a server.</summary>
    /// <param name="services">Gives the services at this moment, the same list as long as they are the same.</param>
    /// <param name="files">Further files, asked for anew when the services are others.</param>
    public ServerSchema(Func<IReadOnlyList<ServerServiceDefinition>> services, IEnumerable<FileDescriptor> files)
    {
        _services = services;
        _files = files;
    }

    /// <summary>The schema of services that are given.</summary>
    public ServerSchema(IEnumerable<ServiceDescriptor> services)
        : this(() => [], [])
    {
        ServiceDescriptor[] all = [.. services];
        _known = new Known(_services(), new Schema(all.Select(service => service.FullName), all.Select(service => service.File)));
    }

    /// <summary>The schema now. Two threads may make it at the same time; either is right.</summary>
    public Schema Current
    {
        get
        {
            var services = _services();
            if (_known is { } known && ReferenceEquals(known.Services, services))
            {
                return known.Schema;
            }

            var names = new ServiceNames();
            foreach (var service in services)
            {
                service.BindService(names);
            }

            var descriptors = services.Select(service => service.Descriptor).OfType<ServiceDescriptor>().ToList();
            var schema = new Schema(
                names.All.Concat(descriptors.Select(descriptor => descriptor.FullName)), descriptors.Select(descriptor => descriptor.File).Concat(_files));
            _known = new Known(services, schema);
            return schema;
        }
    }

    private sealed record Known(IReadOnlyList<ServerServiceDefinition> Services, Schema Schema);
}
