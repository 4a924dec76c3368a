// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;

namespace Peregrine.Credentials;

/// <summary>What a <see cref="JsonWebTokenSigner"/> says in its tokens. Read when the signer is made; later changes have no effect.</summary>
public sealed class JsonWebTokenOptions
{
    /// <summary>Who issues the tokens (<c>iss</c>), such as a service account. Needed.</summary>
    public string Issuer { get; set; } = "";

    /// <summary>Of whom they speak (<c>sub</c>); null, the default, for the issuer itself.</summary>
    public string? Subject { get; set; }

    /// <summary>Which of the issuer's keys signs (<c>kid</c>), by which a verifier finds the public key; null, the default, for none.</summary>
    public string? KeyId { get; set; }

    /// <summary>How long a token is valid (<c>exp</c>); one hour by default, which is what verifiers take at most as a rule.</summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Further claims, by name, such as <c>scope</c>; empty by default.</summary>
    public IDictionary<string, string> Claims { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The clock; the system's by default.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;
}
