// SPDX-License-Identifier: Apache-2.0
using System;
using Peregrine.Protobuf;

namespace Peregrine;

/// <summary>Carries rich errors, <see cref="Google.Rpc.Status"/>, in trailers (gRPC's richer error model).</summary>
public static class MetadataExtensions
{
    /// <summary>The key of the trailer, which holds a serialized <see cref="Google.Rpc.Status"/>.</summary>
    public const string StatusDetailsTrailerName = "grpc-status-details-bin";

    /// <summary>Reads the rich error.</summary>
    /// <param name="metadata">The trailers of a call.</param>
    /// <param name="ignoreParseError">Whether malformed bytes count as none instead of throwing.</param>
    /// <returns>The error, newly parsed; null when there is none. Of several, the last.</returns>
    /// <exception cref="InvalidProtocolBufferException">The bytes are malformed.</exception>
    public static Google.Rpc.Status? GetRpcStatus(this Metadata metadata, bool ignoreParseError = false)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        if (metadata.Get(StatusDetailsTrailerName) is not { } entry)
        {
            return null;
        }

        try
        {
            return Google.Rpc.Status.Parser.ParseFrom(entry.ValueBytes);
        }
        catch (InvalidProtocolBufferException) when (ignoreParseError)
        {
            return null;
        }
    }

    /// <summary>Puts a rich error in, in place of one that is there.</summary>
    /// <param name="metadata">The trailers.</param>
    /// <param name="status">The error; serialized at once.</param>
    /// <exception cref="InvalidOperationException">The metadata is read-only.</exception>
    public static void SetRpcStatus(this Metadata metadata, Google.Rpc.Status status)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentNullException.ThrowIfNull(status);
        while (metadata.Get(StatusDetailsTrailerName) is { } entry)
        {
            metadata.Remove(entry);
        }

        metadata.Add(StatusDetailsTrailerName, status.ToByteArray());
    }
}
