// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace CallBench.Clients;

/// <summary>The metadata of calls as production has them: eight entries, of which two are new with each call.</summary>
internal sealed class ProductionMetadata
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private static readonly KeyValuePair<string, string>[] Fixed =
    [
        new("authorization", "Bearer " + new string('t', 200)),
        new("x-tenant", "tenant-0042"),
        new("x-region", "eu-central-1"),
        new("x-client-version", "7.3.1"),
        new("x-feature-flags", "checkout-v2,fast-search"),
        new("baggage", "userTier=gold,experiment=b"),
    ];

    private long _calls;

    /// <summary>The entries of the next call.</summary>
    public KeyValuePair<string, string>[] Next()
    {
        long call = Interlocked.Increment(ref _calls);
        return
        [
            .. Fixed,
            new("x-request-id", string.Create(CultureInfo.InvariantCulture, $"req-{call:x16}")),
            new("x-trace", string.Create(CultureInfo.InvariantCulture, $"00-4bf92f3577b34da6{call:x16}-00f067aa0ba902b7-01")),
        ];
    }
}
