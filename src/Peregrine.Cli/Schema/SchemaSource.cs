// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Schema;

/// <summary>
/// What the tool knows of services and messages, wherever it comes from: the reflection of a server, .proto files, or descriptor sets.
/// All commands ask this.
/// </summary>
internal abstract class SchemaSource
{
    private readonly HashSet<(string Type, int Number)> _askedExtensions = [];
    private TypeRegistry? _types;
    private int _typesOf;
    private bool _hasExtensions = true;

    /// <summary>What was loaded up to now; it grows with what is asked for.</summary>
    public DescriptorPool Pool { get; } = new();

    /// <summary>Where it comes from, for messages: <c>the reflection of localhost:9090</c>.</summary>
    public abstract string Origin { get; }

    /// <summary>The message types and extensions that were loaded up to now.</summary>
    public TypeRegistry Types
    {
        get
        {
            var files = Pool.Files;
            if (_types is null || _typesOf != files.Count)
            {
                (_types, _typesOf) = (TypeRegistry.FromFiles(files), files.Count);
            }

            return _types;
        }
    }

    /// <summary>The full names of the services, in order.</summary>
    /// <exception cref="ToolException">The source cannot be asked.</exception>
    public abstract Task<IReadOnlyList<string>> ListServicesAsync(CancellationToken cancellationToken);

    /// <summary>Finds anything that has a name: service, method, message, field, oneof, enum, enum value, extension, or a file by its path.</summary>
    /// <param name="symbol">The full name, with or without a leading dot; of a method also with a slash before its name.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>The descriptor, or null when there is none.</returns>
    /// <exception cref="ToolException">The source cannot be asked.</exception>
    public async Task<IDescriptor?> TryFindAsync(string symbol, CancellationToken cancellationToken)
    {
        if (symbol.EndsWith(".proto", StringComparison.Ordinal))
        {
            if (await TryLoadFileAsync(symbol, cancellationToken).ConfigureAwait(false))
            {
                return Pool.FindFile(symbol);
            }
        }

        var name = symbol.TrimStart('.', '/').Replace('/', '.');
        if (Pool.FindSymbol(name) is { } known)
        {
            return known;
        }

        // Servers know the names of types at least; that of a member is behind the last dot.
        if (await TryLoadSymbolAsync(name, cancellationToken).ConfigureAwait(false) && Pool.FindSymbol(name) is { } found)
        {
            return found;
        }

        var dot = name.LastIndexOf('.');
        return dot > 0 && await TryLoadSymbolAsync(name[..dot], cancellationToken).ConfigureAwait(false) ? Pool.FindSymbol(name) : null;
    }

    /// <summary>Finds anything that has a name.</summary>
    /// <exception cref="ToolException">There is none of that name; the message lists near ones. Or the source cannot be asked.</exception>
    public async Task<IDescriptor> FindAsync(string symbol, CancellationToken cancellationToken) =>
        await TryFindAsync(symbol, cancellationToken).ConfigureAwait(false)
        ?? throw await NotFoundAsync("symbol", symbol, SymbolNames.Of(Pool.Files), cancellationToken).ConfigureAwait(false);

    /// <summary>Finds a message type.</summary>
    /// <exception cref="ToolException">There is none of that name; the message lists near ones. Or the source cannot be asked.</exception>
    public async Task<MessageDescriptor> FindMessageAsync(string name, CancellationToken cancellationToken) =>
        await TryFindAsync(name, cancellationToken).ConfigureAwait(false) as MessageDescriptor
        ?? throw await NotFoundAsync(
            "message type", name, SymbolNames.Of(Pool.Files).Where(each => Pool.FindMessage(each) is not null), cancellationToken).ConfigureAwait(false);

    /// <summary>Finds a method.</summary>
    /// <param name="name">Its name as <c>package.Service/Method</c> or <c>package.Service.Method</c>.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="ToolException">There is none of that name; the message lists near ones. Or the source cannot be asked.</exception>
    public async Task<MethodDescriptor> FindMethodAsync(string name, CancellationToken cancellationToken)
    {
        var separator = name.LastIndexOfAny(['/', '.']);
        if (separator <= 0)
        {
            throw new ToolException($"\"{name}\" is no method. Write package.Service/Method.", ExitCode.Usage);
        }

        var serviceName = name[..separator].TrimStart('.', '/');
        var methodName = name[(separator + 1)..];
        var service = await TryFindAsync(serviceName, cancellationToken).ConfigureAwait(false) as ServiceDescriptor
            ?? throw await NotFoundAsync("service", serviceName, [], cancellationToken).ConfigureAwait(false);
        return service.FindMethodByName(methodName)
            ?? throw new ToolException($"The service {service.FullName} has no method \"{methodName}\"."
                + (NearNames.Of(methodName, service.Methods.Select(method => method.Name)) is { Count: > 0 } near
                    ? $" Did you mean {NearNames.Join(near)}?"
                    : $" It has: {string.Join(", ", service.Methods.Select(method => method.Name))}."));
    }

    /// <summary>Finds an extension, of which a message tells the number only. Each is looked for once.</summary>
    /// <param name="type">The message type that it extends.</param>
    /// <param name="number">The number of its field.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>Whether it is in the pool.</returns>
    /// <exception cref="ToolException">The source cannot be asked; it will not be asked for extensions again.</exception>
    public async Task<bool> TryFindExtensionAsync(MessageDescriptor type, int number, CancellationToken cancellationToken)
    {
        if (Pool.FindExtension(type, number) is not null)
        {
            return true;
        }

        if (!_hasExtensions || !_askedExtensions.Add((type.FullName, number)))
        {
            return false;
        }

        try
        {
            return await TryLoadExtensionAsync(type.FullName, number, cancellationToken).ConfigureAwait(false) && Pool.FindExtension(type, number) is not null;
        }
        catch (ToolException)
        {
            _hasExtensions = false;
            throw;
        }
    }

    /// <summary>Loads the file that declares something. False when the source knows no such name.</summary>
    protected abstract Task<bool> TryLoadSymbolAsync(string name, CancellationToken cancellationToken);

    /// <summary>Loads a file by its path. False when the source has none.</summary>
    protected abstract Task<bool> TryLoadFileAsync(string path, CancellationToken cancellationToken);

    /// <summary>Loads the file that declares an extension. False when the source knows no such extension.</summary>
    protected abstract Task<bool> TryLoadExtensionAsync(string type, int number, CancellationToken cancellationToken);

    private async Task<ToolException> NotFoundAsync(string kind, string name, IEnumerable<string> candidates, CancellationToken cancellationToken)
    {
        var services = await ListServicesAsync(cancellationToken).ConfigureAwait(false);
        var near = NearNames.Of(name, candidates.Concat(services));
        return new ToolException($"There is no {kind} \"{name}\" in {Origin}."
            + (near.Count > 0 ? $" Did you mean {NearNames.Join(near)}?"
                : services.Count > 0 ? $" Its services: {string.Join(", ", services.Take(NearNames.MaxListed))}{(services.Count > NearNames.MaxListed ? " ..." : ".")}"
                : " It has no services."));
    }
}
