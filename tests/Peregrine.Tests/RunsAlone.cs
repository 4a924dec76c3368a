// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Tests;

/// <summary>The collection of the tests that run while no other test of this assembly does.</summary>
[CollectionDefinition(nameof(RunsAlone), DisableParallelization = true)]
public class RunsAlone
{
}
