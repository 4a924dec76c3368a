// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Concurrent;
using System.Threading.Tasks;

namespace Peregrine.Credentials;

/// <summary>Sends tokens that a signer makes, one for each service, each used until it has a tenth of its life left.</summary>
internal sealed class SelfSignedCredentials(JsonWebTokenSigner signer) : CallCredentials
{
    // A program calls some services; a proxy that takes their names from a peer must not fill memory with tokens.
    private const int MaxKept = 256;

    private readonly ConcurrentDictionary<string, AccessToken> _tokens = new(StringComparer.Ordinal);

    internal override bool RequiresTransportSecurity => true;

    internal override Task AddMetadataAsync(AuthInterceptorContext context, Metadata metadata)
    {
        if (!_tokens.TryGetValue(context.ServiceUrl, out var token) || !signer.IsFresh(token))
        {
            // Two calls at once may both sign; either token will do.
            token = signer.Sign(context.ServiceUrl);
            if (_tokens.Count >= MaxKept)
            {
                _tokens.Clear();
            }

            _tokens[context.ServiceUrl] = token;
        }

        metadata.Add(token.AuthorizationEntry);
        return Task.CompletedTask;
    }
}
