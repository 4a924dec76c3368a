// SPDX-License-Identifier: Apache-2.0

using System.Collections.Generic;
using System.CommandLine;
using System.Threading;
using System.Threading.Tasks;

namespace Peregrine.Cli.Commands;

/// <summary>A command with an argument that names something of a schema, which shells complete.</summary>
internal interface INamesSymbols
{
    /// <summary>What the next argument may be.</summary>
    /// <param name="result">The command line up to there.</param>
    /// <param name="cancellationToken">Ends the search: what is known by then is given.</param>
    /// <exception cref="ToolException">The schema cannot be had.</exception>
    Task<IReadOnlyList<string>> CompleteAsync(ParseResult result, CancellationToken cancellationToken);
}
