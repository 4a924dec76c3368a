// SPDX-License-Identifier: Apache-2.0
using System.Threading.Tasks;

namespace Peregrine;

/// <summary>Fetches the credentials of one call and adds them to its metadata.</summary>
/// <param name="context">The call.</param>
/// <param name="metadata">Takes the entries to send.</param>
/// <returns>A task that ends when the entries are added; a failure ends the call with UNAUTHENTICATED.</returns>
public delegate Task AsyncAuthInterceptor(AuthInterceptorContext context, Metadata metadata);
