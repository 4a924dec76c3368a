// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Cli.Schema;

/// <summary>The names that a schema offers to a shell.</summary>
internal static class SymbolCandidates
{
    /// <summary>The services; of each its methods instead, as <c>package.Service/Method</c>, where <paramref name="withMethods"/> says so.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="withServices">Whether services stand for themselves.</param>
    /// <param name="withMethods">Whether their methods are named. Services whose methods are not known when time is up are named with a slash.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="ToolException">The schema cannot be had.</exception>
    public static async Task<IReadOnlyList<string>> OfAsync(SchemaSource schema, bool withServices, bool withMethods, CancellationToken cancellationToken)
    {
        var services = await schema.ListServicesAsync(cancellationToken).ConfigureAwait(false);
        List<string> candidates = withServices ? [.. services] : [];
        foreach (var name in withMethods ? services : [])
        {
            try
            {
                candidates.AddRange(await schema.TryFindAsync(name, cancellationToken).ConfigureAwait(false) is ServiceDescriptor service
                    ? service.Methods.Select(method => $"{name}/{method.Name}")
                    : [$"{name}/"]);
            }
            catch (Exception exception) when (exception is ToolException or OperationCanceledException)
            {
                candidates.Add($"{name}/");
            }
        }

        return candidates;
    }
}
