// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Diagnostics;

/// <summary>Status codes as gRPC's documents write them (statuscodes.md), for traces and metrics.</summary>
internal static class StatusCodeNames
{
    private static readonly string[] Names =
    [
        "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED",
        "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS",
        "UNAUTHENTICATED",
    ];

    /// <summary>The name; UNKNOWN for a code that gRPC does not have, which is what such a code means.</summary>
    public static string Of(StatusCode code) => Names[(uint)code < Names.Length ? (int)code : (int)StatusCode.Unknown];
}
