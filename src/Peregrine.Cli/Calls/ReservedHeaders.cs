// SPDX-License-Identifier: Apache-2.0

namespace Peregrine.Cli.Calls;

/// <summary>Headers that calls have of their own: the library drops them from metadata, so that the user would believe in vain to have sent them.</summary>
internal static class ReservedHeaders
{
    /// <summary>Says what to do instead of sending a header; null for one that may be sent.</summary>
    /// <param name="name">Its name, in lower case.</param>
    public static string? InsteadOf(string name) => name switch
    {
        "grpc-timeout" => "use --timeout",
        "grpc-encoding" or "grpc-internal-encoding-request" => "use --compression of \"peregrine call\"",
        ":authority" or "host" => "use --authority",
        [':', ..] or "te" or "content-type" or "content-length" or "user-agent" or "grpc-accept-encoding" or "grpc-status" or "grpc-message" or "grpc-message-type"
            or "connection" or "keep-alive" or "proxy-connection" or "transfer-encoding" or "upgrade" => "leave it away",
        _ => null,
    };
}
