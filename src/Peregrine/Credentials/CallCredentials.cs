// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;

namespace Peregrine;

/// <summary>
/// Credentials of calls: metadata that is fetched anew for each call, such as an access token. Used from many threads at once.
/// </summary>
public abstract class CallCredentials
{
    private protected CallCredentials()
    {
    }

    /// <summary>
    /// Whether these credentials may travel over encrypted connections only. On others the call fails with UNAUTHENTICATED
    /// before anything is sent.
    /// </summary>
    internal abstract bool RequiresTransportSecurity { get; }

    /// <summary>Makes credentials out of several; all their entries are sent, in order.</summary>
    /// <param name="credentials">At least two credentials.</param>
    /// <returns>The composition, requiring transport security if any part does.</returns>
    /// <exception cref="ArgumentException">There are fewer than two parts, or one is null.</exception>
    public static CallCredentials Compose(params CallCredentials[] credentials)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        if (credentials.Length < 2)
        {
            throw new ArgumentException(
                $"Composing needs at least two credentials; {credentials.Length} given.", nameof(credentials));
        }

        if (credentials.Any(part => part is null))
        {
            throw new ArgumentException("One of the credentials to compose is null.", nameof(credentials));
        }

        return new CompositeCredentials([.. credentials]);
    }

    /// <summary>Makes credentials that a function fetches, for encrypted connections only.</summary>
    /// <param name="interceptor">Adds the entries of one call.</param>
    /// <returns>The credentials.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="interceptor"/> is null.</exception>
    public static CallCredentials FromInterceptor(AsyncAuthInterceptor interceptor) =>
        FromInterceptor(interceptor, requireTransportSecurity: true);

    /// <summary>Makes credentials that a function fetches.</summary>
    /// <param name="interceptor">Adds the entries of one call.</param>
    /// <param name="requireTransportSecurity">Whether they may travel over encrypted connections only.</param>
    /// <returns>The credentials.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="interceptor"/> is null.</exception>
    public static CallCredentials FromInterceptor(AsyncAuthInterceptor interceptor, bool requireTransportSecurity)
    {
        ArgumentNullException.ThrowIfNull(interceptor);
        return new InterceptorCredentials(interceptor, requireTransportSecurity);
    }

    /// <summary>Fetches the entries of one call.</summary>
    internal abstract Task AddMetadataAsync(AuthInterceptorContext context, Metadata metadata);

    private sealed class InterceptorCredentials(AsyncAuthInterceptor interceptor, bool requireTransportSecurity)
        : CallCredentials
    {
        internal override bool RequiresTransportSecurity => requireTransportSecurity;

        internal override Task AddMetadataAsync(AuthInterceptorContext context, Metadata metadata) =>
            interceptor(context, metadata);
    }

    private sealed class CompositeCredentials(IReadOnlyList<CallCredentials> parts) : CallCredentials
    {
        internal override bool RequiresTransportSecurity { get; } = parts.Any(part => part.RequiresTransportSecurity);

        internal override async Task AddMetadataAsync(AuthInterceptorContext context, Metadata metadata)
        {
            foreach (CallCredentials part in parts)
            {
                await part.AddMetadataAsync(context, metadata).ConfigureAwait(false);
            }
        }
    }
}
