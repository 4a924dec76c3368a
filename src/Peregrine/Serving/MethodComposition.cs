// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;
using Peregrine.Interceptors;

namespace Peregrine.Serving;

/// <summary>What the methods of a service are composed with: the server's interceptors and options, and those of the service and its methods.</summary>
/// <param name="Interceptors">The server's interceptors.</param>
/// <param name="Defaults">What the server's options say for all methods.</param>
/// <param name="Formats">The formats of messages that all methods take besides their own.</param>
/// <param name="Options">What they do not say for the service; null for nothing.</param>
internal sealed record MethodComposition(
    IReadOnlyList<Interceptor> Interceptors, MethodSettings Defaults, IReadOnlyList<MessageFormat> Formats, ServiceOptions? Options)
{
    /// <summary>The interceptors of a method, the outermost first: the server's, the service's, its own.</summary>
    public IReadOnlyList<Interceptor> InterceptorsOf(IMethod method) => Options is null
        ? Interceptors
        : [.. Interceptors, .. Options.Interceptors, .. Options.Methods.GetValueOrDefault(method.Name)?.Interceptors ?? []];

    /// <summary>The settings of a method.</summary>
    public MethodSettings SettingsOf(IMethod method)
    {
        var settings = Options is null ? Defaults : Defaults.With(Options);
        return Options?.Methods.GetValueOrDefault(method.Name) is { } own ? settings.With(own) : settings;
    }
}
