// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine.Diagnostics;

/// <summary>How TLS protects a connection.</summary>
/// <param name="CipherSuite">The standard name of the cipher suite, such as <c>TLS_AES_128_GCM_SHA256</c>.</param>
/// <param name="LocalCertificate">This end's certificate, DER; empty without one.</param>
/// <param name="RemoteCertificate">The peer's certificate, DER; empty without one.</param>
public sealed record TlsSnapshot(string CipherSuite, ReadOnlyMemory<byte> LocalCertificate, ReadOnlyMemory<byte> RemoteCertificate);
