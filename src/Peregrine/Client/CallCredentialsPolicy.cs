// SPDX-License-Identifier: Apache-2.0
using System;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Credentials;
using Peregrine.Protocol;

namespace Peregrine.Client;

/// <summary>Whether call credentials may travel, how they are fetched, and what their failures mean.</summary>
internal static class CallCredentialsPolicy
{
    /// <summary>The credentials of a call: the channel's, then the call's own.</summary>
    /// <returns>Null when there are none.</returns>
    public static CallCredentials? Combine(CallCredentials? channel, CallCredentials? call) => (channel, call) switch
    {
        (null, _) => call,
        (_, null) => channel,
        _ => CallCredentials.Compose(channel, call),
    };

    /// <summary>
    /// Decides before anything is sent. Dropping credentials silently is what this refuses: the server would see an anonymous
    /// call, or the token would travel in clear.
    /// </summary>
    /// <returns>Null when the call may go on, otherwise the status with which it fails.</returns>
    public static Status? CheckTransport(CallCredentials? credentials, bool isTransportSecure, bool allowInsecure)
    {
        if (credentials is null || isTransportSecure || allowInsecure || !credentials.RequiresTransportSecurity)
        {
            return null;
        }

        return new Status(
            StatusCode.Unauthenticated,
            "The call credentials require transport security, but the channel is plaintext; nothing was sent. " +
            "Use SslCredentials, make the credentials with requireTransportSecurity: false, " +
            "or set UnsafeUseInsecureChannelCallCredentials on the channel.");
    }

    /// <summary>
    /// The context given to an interceptor: <c>scheme://authority/package.Service</c> and the method's name. The port is left
    /// out where it is the scheme's own, as audiences are compared as text.
    /// </summary>
    public static AuthInterceptorContext CreateContext(
        bool isTransportSecure, string authority, IMethod method, CancellationToken cancellationToken)
    {
        string scheme = isTransportSecure ? "https" : "http";
        string defaultPort = isTransportSecure ? ":443" : ":80";
        string host = authority.EndsWith(defaultPort, StringComparison.Ordinal) ? authority[..^defaultPort.Length] : authority;
        return new AuthInterceptorContext($"{scheme}://{host}/{method.ServiceName}", method.Name, cancellationToken);
    }

    /// <summary>
    /// Fetches the entries of one call. An exception becomes UNAUTHENTICATED, or UNAVAILABLE when what gives the credentials was not reached
    /// (<see cref="CredentialsFailure"/>); an <see cref="RpcException"/> keeps its status unless its code is reserved to applications, which becomes
    /// INTERNAL (gRFC A54).
    /// </summary>
    /// <exception cref="RpcException">The credentials failed.</exception>
    /// <exception cref="OperationCanceledException">The context's token was cancelled.</exception>
    public static async Task<Metadata> FetchAsync(CallCredentials credentials, AuthInterceptorContext context)
    {
        var metadata = new Metadata();
        try
        {
            await credentials.AddMetadataAsync(context, metadata).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.CancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (RpcException failure)
        {
            throw new RpcException(StatusMapping.FromControlPlane(
                new Status(failure.StatusCode, failure.Status.Detail, failure), "call credentials"));
        }
        catch (Exception failure) // user code: whatever it throws ends this call and nothing else
        {
            throw new RpcException(new Status(
                CredentialsFailure.CodeOf(failure), $"Fetching the call credentials failed: {failure.Message}", failure));
        }

        return metadata;
    }
}
