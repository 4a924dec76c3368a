// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.TestKit;

/// <summary>A kind of input, and what must hold for every one of it.</summary>
/// <param name="Name">The name on the command line.</param>
/// <param name="Seeds">Inputs to start from.</param>
/// <param name="Run">
/// Takes an input; says in a few words what came of it, without numbers of the input: inputs of a new outcome are kept.
/// Throws what is a finding.
/// </param>
public sealed record FuzzTarget(string Name, IReadOnlyList<byte[]> Seeds, Func<byte[], string> Run);
