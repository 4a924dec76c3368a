// SPDX-License-Identifier: Apache-2.0
using Grpc.Testing;
using Peregrine;

namespace Interop.Client;

internal static class CredentialsCases
{
    /// <summary>With a stub in place of a token that an authority signs: the server compares it with its --expect_token.</summary>
    public static async Task PerRpcCredsAsync(InteropTarget target)
    {
        string token = target.Flags.Required("stub_token", "per_rpc_creds sends it");
        CallCredentials credentials = CallCredentials.FromInterceptor((_, metadata) =>
        {
            metadata.Add("authorization", $"Bearer {token}");
            return Task.CompletedTask;
        });
        SimpleResponse response = await target.Client.UnaryCallAsync(
            new SimpleRequest { FillUsername = true }, new CallOptions(credentials: credentials));
        Expect.Equal(false, response.Username.Length == 0, "an empty username");
        if (target.Flags.Text("default_service_account") is { Length: > 0 } account)
        {
            Expect.Equal(account, response.Username, "username");
        }
    }
}
