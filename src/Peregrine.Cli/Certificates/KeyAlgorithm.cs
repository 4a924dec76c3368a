// SPDX-License-Identifier: Apache-2.0

namespace Peregrine.Cli.Certificates;

/// <summary>The kind of a new key.</summary>
internal enum KeyAlgorithm
{
    /// <summary>ECDSA on the curve P-256: small and fast, and every peer takes it.</summary>
    Ecdsa,

    /// <summary>RSA with 2,048 bits, for peers that are old.</summary>
    Rsa,
}
