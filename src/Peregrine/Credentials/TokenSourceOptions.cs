// SPDX-License-Identifier: Apache-2.0
using System;
using Microsoft.Extensions.Logging;

namespace Peregrine.Credentials;

/// <summary>When a <see cref="TokenSource"/> fetches. Read when the source is made; later changes have no effect.</summary>
public sealed class TokenSourceOptions
{
    /// <summary>
    /// How long before its expiry a token is replaced, while calls go on with it; 5 minutes by default, and never more than half of the time that the token
    /// had left when it came.
    /// </summary>
    public TimeSpan RefreshAhead { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a fetch may take; then it has failed. 30 seconds by default.</summary>
    public TimeSpan FetchTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The pause behind the first failed fetch; 1 second by default. Each next one is 1.6 times as long, with up to 20 % more by chance.</summary>
    public TimeSpan InitialBackoff { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause between two fetches that failed, before chance; 2 minutes by default.</summary>
    public TimeSpan MaxBackoff { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>The clock; the system's by default.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>
    /// Where failures are logged, under the category <c>Peregrine.Credentials.TokenSource</c>. Null, the default: warnings go to the event source named
    /// <c>Peregrine</c>.
    /// </summary>
    public ILoggerFactory? LoggerFactory { get; set; }
}
