// SPDX-License-Identifier: Apache-2.0

using System.Collections.Generic;

namespace Peregrine.Cli.Bench;

/// <summary>A line of a chart.</summary>
/// <param name="Name">What it shows, for the legend.</param>
/// <param name="Style">The class of its style: <c>a</c> to <c>d</c>.</param>
/// <param name="Points">Its points, from left to right.</param>
internal sealed record ChartLine(string Name, string Style, IReadOnlyList<(double X, double Y)> Points);
