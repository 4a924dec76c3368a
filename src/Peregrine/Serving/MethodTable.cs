// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using Peregrine.Http2.Hpack;

namespace Peregrine.Serving;

/// <summary>
/// Finds the method of a path. Adding or removing a service makes a new table, so that lookups need no lock and services can come and go
/// while the server runs.
/// </summary>
internal sealed class MethodTable
{
    private readonly Dictionary<byte[], ServerMethod> _methods;
    private readonly Dictionary<byte[], ServerMethod>.AlternateLookup<ReadOnlySpan<byte>> _lookup;
    private readonly Dictionary<ServerServiceDefinition, List<ServerMethod>> _services;

    private MethodTable(Dictionary<byte[], ServerMethod> methods, Dictionary<ServerServiceDefinition, List<ServerMethod>> services)
    {
        _methods = methods;
        _services = services;
        Services = Array.AsReadOnly<ServerServiceDefinition>([.. services.Keys]);
        _lookup = methods.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>The table without methods.</summary>
    public static MethodTable Empty { get; } = new(new Dictionary<byte[], ServerMethod>(new PathComparer()), []);

    /// <summary>The services.</summary>
    public IReadOnlyList<ServerServiceDefinition> Services { get; }

    /// <summary>A table with the methods of a service added, each composed with the interceptors.</summary>
    /// <param name="service">The service.</param>
    /// <param name="composition">What its methods are composed with.</param>
    /// <exception cref="ArgumentException">
    /// A method has the path of one that is there already, or the options name a method that the service does not have, or have a value that cannot be used.
    /// </exception>
    public MethodTable With(ServerServiceDefinition service, MethodComposition composition)
    {
        var binder = new MethodBinder(new Dictionary<byte[], ServerMethod>(_methods, _methods.Comparer), composition);
        service.BindService(binder);
        binder.CheckOptions();
        var services = new Dictionary<ServerServiceDefinition, List<ServerMethod>>(_services);
        if (!services.TryAdd(service, binder.Added))
        {
            // A service without methods, added again.
            return this;
        }

        return new MethodTable(binder.Methods, services);
    }

    /// <summary>A table without the methods of a service; this one, if it does not have the service.</summary>
    public MethodTable Without(ServerServiceDefinition service)
    {
        var services = new Dictionary<ServerServiceDefinition, List<ServerMethod>>(_services);
        if (!services.Remove(service, out var removed))
        {
            return this;
        }

        var methods = new Dictionary<byte[], ServerMethod>(_methods, _methods.Comparer);
        foreach (var method in removed)
        {
            _ = methods.Remove(method.PathOctets);
            method.Remove();
        }

        return new MethodTable(methods, services);
    }

    /// <summary>The method that a request's path names; null when there is none.</summary>
    public ServerMethod? Find(HeaderList headers)
    {
        // A path that came from the peer's dynamic table remembers its method.
        ref readonly var path = ref headers[headers.PathIndex];
        if (path.Entry?.Memo is ServerMethod { IsRemoved: false } known)
        {
            return known;
        }

        if (_lookup.TryGetValue(path.Value, out var method) && path.Entry is { } entry)
        {
            entry.Memo = method;
        }

        return method;
    }

    private sealed class PathComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        // Seeded per process: a peer cannot choose paths that collide.
        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = default(HashCode);
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
