// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.LoadBalancing;

/// <summary>Is told of a server's health.</summary>
/// <param name="connection">The connection to it.</param>
/// <param name="health">OK, or the status of calls that would go to it.</param>
/// <param name="isUnimplemented">Whether it has no health service, and counts as healthy for that.</param>
internal delegate void HealthListener(SubchannelConnection connection, Status health, bool isUnimplemented);
