// SPDX-License-Identifier: Apache-2.0
using System;
using System.Linq;

namespace Peregrine.Interceptors;

/// <summary>Puts interceptors around the handlers of a service.</summary>
public static class ServerServiceDefinitionExtensions
{
    /// <summary>Puts an interceptor around every handler: it sees calls before those that were added earlier.</summary>
    /// <param name="serverServiceDefinition">The service.</param>
    /// <param name="interceptor">The interceptor.</param>
    /// <returns>A new definition.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public static ServerServiceDefinition Intercept(
        this ServerServiceDefinition serverServiceDefinition, Interceptor interceptor) =>
        serverServiceDefinition.Intercept([interceptor]);

    /// <summary>Puts interceptors around every handler; the first of the list sees a call first.</summary>
    /// <param name="serverServiceDefinition">The service.</param>
    /// <param name="interceptors">The interceptors, outermost first.</param>
    /// <returns>A new definition.</returns>
    /// <exception cref="ArgumentNullException">An argument or an interceptor is null.</exception>
    public static ServerServiceDefinition Intercept(
        this ServerServiceDefinition serverServiceDefinition, params Interceptor[] interceptors)
    {
        ArgumentNullException.ThrowIfNull(serverServiceDefinition);
        ArgumentNullException.ThrowIfNull(interceptors);
        if (interceptors.Any(interceptor => interceptor is null))
        {
            throw new ArgumentNullException(nameof(interceptors), "An interceptor of the list is null.");
        }

        Interceptor[] chain = [.. interceptors];
        return serverServiceDefinition.With(
            binder => serverServiceDefinition.BindService(new InterceptingServiceBinder(binder, chain)));
    }
}
