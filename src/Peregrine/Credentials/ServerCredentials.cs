// SPDX-License-Identifier: Apache-2.0
namespace Peregrine;

/// <summary>How a server secures the connections of one port. Immutable.</summary>
public abstract class ServerCredentials
{
    private protected ServerCredentials()
    {
    }

    /// <summary>No encryption: everything travels in clear.</summary>
    public static ServerCredentials Insecure { get; } = new InsecureServerCredentials();

    /// <summary>The TLS settings, or null for plaintext.</summary>
    internal abstract SslServerCredentials? Ssl { get; }

    private sealed class InsecureServerCredentials : ServerCredentials
    {
        internal override SslServerCredentials? Ssl => null;
    }
}
