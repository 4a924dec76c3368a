// SPDX-License-Identifier: Apache-2.0
using System.Threading;

namespace Peregrine.Interceptors;

/// <summary>The call that an <see cref="AsyncInterceptor"/> is around, whatever its kind and its messages.</summary>
public sealed class AsyncInterceptorContext
{
    internal AsyncInterceptorContext(IMethod method, string? host, CallOptions options)
    {
        Method = method;
        Host = host;
        Options = options;
    }

    /// <summary>The method.</summary>
    public IMethod Method { get; }

    /// <summary>The <c>:authority</c> of the call; null for the channel's.</summary>
    public string? Host { get; }

    /// <summary>
    /// The options with which the call starts: change them before <c>next</c>, such as
    /// <c>call.Options = call.Options.WithHeaders(headers)</c>. Its metadata may be the caller's own object: add to a copy.
    /// </summary>
    public CallOptions Options { get; set; }

    /// <summary>Cancelled when the caller gives up before the call has started: by its token, by its deadline, or by disposing the call.</summary>
    public CancellationToken CancellationToken { get; internal set; }
}
