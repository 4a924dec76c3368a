// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;
using Peregrine.Interceptors;

namespace Peregrine;

/// <summary>
/// What holds for the calls of one method in place of the server's options; see <see cref="ServiceOptions.ForMethod"/>. What stays null is as the service
/// has it, or else the server. Read when the service is added; later changes have no effect.
/// </summary>
public class MethodOptions
{
    /// <summary>The largest request message in bytes, after decompression; <see cref="int.MaxValue"/> for no limit.</summary>
    public int? MaxReceiveMessageSize { get; set; }

    /// <summary>The largest response message in bytes, before compression; <see cref="int.MaxValue"/> for no limit.</summary>
    public int? MaxSendMessageSize { get; set; }

    /// <summary>How response messages are compressed for clients that accept it: <c>gzip</c> or <c>deflate</c>; <c>identity</c> for not.</summary>
    public string? ResponseCompressionAlgorithm { get; set; }

    /// <summary>Whether clients see the type and message of exceptions that handlers throw.</summary>
    public bool? EnableDetailedErrors { get; set; }

    /// <summary>
    /// Decides which calls may be made; it takes the place of the service's policy, and that of a service the place of the server's. To except a method
    /// from them, give it <see cref="AuthorizationPolicies.AllowAll"/>.
    /// </summary>
    public AuthorizationPolicy? Authorization { get; set; }

    /// <summary>Further interceptors, the first outermost: inside those of the server, and those of a method inside those of its service.</summary>
    public IList<Interceptor> Interceptors { get; } = [];
}
