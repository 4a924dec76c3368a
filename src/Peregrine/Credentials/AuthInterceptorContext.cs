// SPDX-License-Identifier: Apache-2.0
using System;
using System.Threading;

namespace Peregrine;

/// <summary>For which call credentials are asked. Immutable.</summary>
public class AuthInterceptorContext
{
    /// <summary>Describes a call.</summary>
    /// <param name="serviceUrl">The audience: <c>https://host/package.Service</c>.</param>
    /// <param name="methodName">The name of the method, without its service.</param>
    public AuthInterceptorContext(string serviceUrl, string methodName)
        : this(serviceUrl, methodName, CancellationToken.None)
    {
    }

    /// <summary>Describes a call that can be cancelled.</summary>
    /// <param name="serviceUrl">The audience: <c>https://host/package.Service</c>.</param>
    /// <param name="methodName">The name of the method, without its service.</param>
    /// <param name="cancellationToken">Cancelled when the call no longer needs credentials.</param>
    public AuthInterceptorContext(string serviceUrl, string methodName, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(serviceUrl);
        ArgumentNullException.ThrowIfNull(methodName);
        ServiceUrl = serviceUrl;
        MethodName = methodName;
        CancellationToken = cancellationToken;
    }

    /// <summary>The audience of a token: <c>https://host/package.Service</c>.</summary>
    public string ServiceUrl { get; }

    /// <summary>The name of the method, without its service.</summary>
    public string MethodName { get; }

    /// <summary>Cancelled when the call no longer needs credentials.</summary>
    public CancellationToken CancellationToken { get; }
}
