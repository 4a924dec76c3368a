// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace CallBench.Clients;

/// <summary>Entries of metadata that are the same with each call; the peers' clients have the same ones.</summary>
internal static class PlainHeaders
{
    public static IEnumerable<KeyValuePair<string, string>> Create(int count) =>
        from i in Enumerable.Range(0, count)
        select new KeyValuePair<string, string>(
            string.Create(CultureInfo.InvariantCulture, $"x-header-{i:00}"), string.Create(CultureInfo.InvariantCulture, $"value-{i:0000}"));
}
