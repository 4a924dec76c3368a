// SPDX-License-Identifier: Apache-2.0

using System;

namespace Peregrine.Cli.Certificates;

/// <summary>An entry of a revocation list (RFC 5280 section 5.3).</summary>
/// <param name="Serial">The serial number of the certificate, in hexadecimal digits.</param>
/// <param name="Date">Since when it is revoked, UTC.</param>
/// <param name="Reason">Why, by the RFC's names, such as <c>keyCompromise</c>; null when the list does not say.</param>
internal sealed record RevokedCertificate(string Serial, DateTime Date, string? Reason);
