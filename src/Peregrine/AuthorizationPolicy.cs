// SPDX-License-Identifier: Apache-2.0
using System.Threading.Tasks;

namespace Peregrine;

/// <summary>
/// Decides whether a call may be made: before its interceptors and its handler run, and before a message is read. Given for a server
/// (<see cref="GrpcServerOptions.Authorization"/>), a service or a method (<see cref="MethodOptions.Authorization"/>).
/// </summary>
/// <param name="context">
/// The call: its method, the metadata that the client sent, what TLS says about the client (<see cref="ServerCallContext.AuthContext"/>). What the policy
/// finds out about the caller it leaves to the handler in <see cref="ServerCallContext.UserState"/>.
/// </param>
/// <returns>
/// What it decided. An <see cref="RpcException"/> ends the call with its status; any other exception with INTERNAL, without details, and is logged: a
/// policy that fails allows nothing.
/// </returns>
public delegate ValueTask<AuthorizationResult> AuthorizationPolicy(ServerCallContext context);
