// SPDX-License-Identifier: Apache-2.0

namespace Peregrine.Cli.Certificates;

/// <summary>Which side of a connection a certificate is for.</summary>
internal enum CertificateUse
{
    /// <summary>Servers: the extended key usage <c>serverAuth</c>.</summary>
    Server,

    /// <summary>Clients under mutual TLS: the extended key usage <c>clientAuth</c>.</summary>
    Client,
}
