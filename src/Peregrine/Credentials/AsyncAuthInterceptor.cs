// SPDX-License-Identifier: Apache-2.0
using System.Threading.Tasks;

namespace Peregrine;

/// <summary>Fetches the credentials of one call and adds them to its metadata.</summary>
/// <param name="context">The call.</param>
/// <param name="metadata">Takes the entries to send.</param>
/// <returns>
/// A task that ends when the entries are added. A failure ends the call: with its own status if it is an <see cref="RpcException"/> (INTERNAL in place of
/// a code that only applications may make, gRFC A54), with UNAVAILABLE if what gives the credentials could not be reached, else with UNAUTHENTICATED.
/// </returns>
public delegate Task AsyncAuthInterceptor(AuthInterceptorContext context, Metadata metadata);
