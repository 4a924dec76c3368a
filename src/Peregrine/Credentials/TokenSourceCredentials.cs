// SPDX-License-Identifier: Apache-2.0
using System.Threading.Tasks;

namespace Peregrine.Credentials;

/// <summary>Sends the token of a source, and tells the source when a server refused it.</summary>
internal sealed class TokenSourceCredentials(TokenSource source) : CallCredentials
{
    internal override bool RequiresTransportSecurity => true;

    internal override Task AddMetadataAsync(AuthInterceptorContext context, Metadata metadata)
    {
        var token = source.GetTokenAsync(context.CancellationToken);
        if (!token.IsCompletedSuccessfully)
        {
            return AddAsync(token, metadata);
        }

        metadata.Add(token.Result.AuthorizationEntry);
        return Task.CompletedTask;
    }

    internal override void OnRefused(Metadata sent) => source.OnRefused(sent);

    private static async Task AddAsync(ValueTask<AccessToken> token, Metadata metadata) =>
        metadata.Add((await token.ConfigureAwait(false)).AuthorizationEntry);
}
