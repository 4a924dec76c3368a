// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;

namespace Peregrine;

/// <summary>Policies that need no code. Thread-safe.</summary>
/// <example>
/// <code>
/// var server = new GrpcServer(new GrpcServerOptions { Authorization = AuthorizationPolicies.DenyAll });
/// server.AddService(Orders.BindService(new OrdersService()), service =>
/// {
///     service.Authorization = AuthorizationPolicies.RequirePeer("billing.example.com", "shop.example.com");
///     service.ForMethod("GetStatus").Authorization = AuthorizationPolicies.AllowAll;
/// });
/// </code>
/// </example>
public static class AuthorizationPolicies
{
    /// <summary>Allows every call: to except a method or service from the server's policy.</summary>
    public static AuthorizationPolicy AllowAll { get; } = static _ => ValueTask.FromResult(AuthorizationResult.Allowed);

    /// <summary>Denies every call: as the server's policy, so that what has none of its own is not served by mistake.</summary>
    public static AuthorizationPolicy DenyAll { get; } = static _ => ValueTask.FromResult(AuthorizationResult.Denied("This server allows this call to nobody."));

    /// <summary>
    /// Allows calls of clients whose certificate was verified and carries one of the names (<see cref="AuthContext.PeerIdentity"/>: its alternative names,
    /// or its common name if it has no such extension). Without a verified certificate UNAUTHENTICATED; of another name PERMISSION_DENIED.
    /// </summary>
    /// <param name="names">The names, compared without regard to case, but for those with <c>://</c> in them, which are URIs; none for whoever has a verified certificate.</param>
    /// <returns>The policy. The server must ask for certificates: <see cref="SslClientCertificateRequestType.RequestAndVerify"/> or stricter.</returns>
    public static AuthorizationPolicy RequirePeer(params IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        var allowed = names.ToHashSet(NameComparer.Instance);
        return context => ValueTask.FromResult(
            !context.AuthContext.IsPeerAuthenticated
                ? AuthorizationResult.Unauthenticated("This call needs a client certificate that the server trusts.")
                : allowed.Count == 0 || context.AuthContext.PeerIdentity.Any(name => allowed.Contains(name.Value))
                    ? AuthorizationResult.Allowed
                    : AuthorizationResult.Denied("The client's certificate is valid, but its names may not make this call."));
    }
    // Host names are the same in any case; the paths of URIs are not, those of SPIFFE ids among them.
    private sealed class NameComparer : IEqualityComparer<string>
    {
        public static NameComparer Instance { get; } = new();

        public bool Equals(string? x, string? y) => RuleOf(x ?? "").Equals(x, y);

        public int GetHashCode(string name) => RuleOf(name).GetHashCode(name);

        private static StringComparer RuleOf(string name) =>
            name.Contains("://", StringComparison.Ordinal) ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;
    }
}
