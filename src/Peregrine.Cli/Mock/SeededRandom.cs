// SPDX-License-Identifier: Apache-2.0

using System;
using System.Threading;

namespace Peregrine.Cli.Mock;

/// <summary>Chance that is the same each time, for several threads.</summary>
/// <param name="seed">Begins the sequence.</param>
internal sealed class SeededRandom(int seed) : Random(seed)
{
    private readonly Lock _gate = new();

    /// <inheritdoc/>
    public override double NextDouble()
    {
        lock (_gate)
        {
            return base.NextDouble();
        }
    }
}
