// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;

namespace Peregrine;

/// <summary>
/// What holds for the calls of one service in place of the server's options, given to
/// <see cref="GrpcServer.AddService(ServerServiceDefinition, Action{ServiceOptions})"/>; and for single methods of it.
/// </summary>
/// <example>
/// <code>
/// server.AddService(Files.BindService(new FilesService()), service =>
/// {
///     service.ResponseCompressionAlgorithm = "gzip";
///     service.ForMethod("Upload").MaxReceiveMessageSize = 64 &lt;&lt; 20;
/// });
/// </code>
/// </example>
public sealed class ServiceOptions : MethodOptions
{
    private readonly Dictionary<string, MethodOptions> _methods = new(StringComparer.Ordinal);

    /// <summary>The methods that have options of their own, by name.</summary>
    internal IReadOnlyDictionary<string, MethodOptions> Methods => _methods;

    /// <summary>The options of one method; the same object each time.</summary>
    /// <param name="name">The name as the .proto file has it, such as <c>Upload</c>. Adding the service fails when it has no such method.</param>
    /// <returns>The options, to be changed.</returns>
    public MethodOptions ForMethod(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (!_methods.TryGetValue(name, out var options))
        {
            options = new MethodOptions();
            _methods.Add(name, options);
        }

        return options;
    }
}
