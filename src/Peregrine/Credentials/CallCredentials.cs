// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Peregrine.Credentials;

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

    /// <summary>Makes credentials that send a token that never changes: <c>authorization: Bearer TOKEN</c>, over encrypted connections only.</summary>
    /// <param name="token">The token.</param>
    /// <returns>The credentials.</returns>
    /// <exception cref="ArgumentException">The token is empty, or has characters that metadata cannot carry; the message does not show it.</exception>
    public static CallCredentials FromToken(string token) => FromHeader("authorization", new AccessToken(token).AuthorizationEntry.Value);

    /// <summary>Makes credentials that send an entry that never changes, over encrypted connections only.</summary>
    /// <param name="key">The entry's key, such as <c>x-api-key</c>.</param>
    /// <param name="value">The entry's value.</param>
    /// <returns>The credentials.</returns>
    /// <exception cref="ArgumentException">Key or value cannot travel as metadata, or the key ends with <c>-bin</c>; the message does not show the value.</exception>
    public static CallCredentials FromHeader(string key, string value) => FromHeader(key, value, requireTransportSecurity: true);

    /// <summary>Makes credentials that send an entry that never changes.</summary>
    /// <param name="key">The entry's key, such as <c>x-api-key</c>.</param>
    /// <param name="value">The entry's value.</param>
    /// <param name="requireTransportSecurity">Whether it may travel over encrypted connections only.</param>
    /// <returns>The credentials.</returns>
    /// <exception cref="ArgumentException">Key or value cannot travel as metadata, or the key ends with <c>-bin</c>; the message does not show the value.</exception>
    public static CallCredentials FromHeader(string key, string value, bool requireTransportSecurity)
    {
        var entry = new Metadata.Entry(key, value);
        return new InterceptorCredentials(
            (_, metadata) =>
            {
                metadata.Add(entry);
                return Task.CompletedTask;
            },
            requireTransportSecurity);
    }

    /// <summary>
    /// Makes credentials that send the token of a source, <c>authorization: Bearer TOKEN</c>, over encrypted connections only. A token that a server
    /// answers with UNAUTHENTICATED is fetched anew (<see cref="TokenSource.Invalidate"/>).
    /// </summary>
    /// <param name="source">Has the token; it may serve many channels.</param>
    /// <returns>The credentials.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    public static CallCredentials FromTokenSource(TokenSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new TokenSourceCredentials(source);
    }

    /// <summary>
    /// Makes credentials that sign a JSON Web Token for each service that is called, valid for that service only: its audience is the service's URL,
    /// <c>https://host/package.Service</c>. It is sent as <c>authorization: Bearer TOKEN</c>, over encrypted connections only, and used until its last
    /// minutes.
    /// </summary>
    /// <param name="signer">Signs the tokens; not to be disposed while calls are made.</param>
    /// <returns>The credentials.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="signer"/> is null.</exception>
    public static CallCredentials FromSigner(JsonWebTokenSigner signer)
    {
        ArgumentNullException.ThrowIfNull(signer);
        return new SelfSignedCredentials(signer);
    }

    /// <summary>Fetches the entries of one call.</summary>
    internal abstract Task AddMetadataAsync(AuthInterceptorContext context, Metadata metadata);

    /// <summary>The server answered a call with UNAUTHENTICATED that carried these entries.</summary>
    internal virtual void OnRefused(Metadata sent)
    {
    }

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

        internal override void OnRefused(Metadata sent)
        {
            foreach (CallCredentials part in parts)
            {
                part.OnRefused(sent);
            }
        }
    }
}
