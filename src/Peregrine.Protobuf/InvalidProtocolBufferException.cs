// SPDX-License-Identifier: Apache-2.0
using System;
using System.IO;

namespace Peregrine.Protobuf;

/// <summary>
/// Thrown when bytes are not a valid serialized message. There is one factory per way in which input can be wrong; each
/// says what was found, so that a log line is enough to tell truncation from corruption.
/// </summary>
public sealed class InvalidProtocolBufferException : IOException
{
    internal InvalidProtocolBufferException(string message)
        : base(message)
    {
    }

    internal InvalidProtocolBufferException(string message, Exception inner)
        : base(message, inner)
    {
    }

    internal static InvalidProtocolBufferException Truncated(long needed, long available) => new(
        $"The input ends inside a field: {needed} more bytes are needed, {available} are there. "
        + "The message is truncated, or a length in it is wrong.");

    internal static InvalidProtocolBufferException NegativeSize(long size) => new(
        $"A length of {size} bytes: lengths are never negative or above 2 GiB. The input is not a protobuf message of this type.");

    internal static InvalidProtocolBufferException MalformedVarint() => new(
        "A varint goes on after 10 bytes. The input is not a protobuf message of this type.");

    internal static InvalidProtocolBufferException InvalidTag(ulong tag) => new(
        $"The tag 0x{tag:X} is invalid: field numbers are 1 to 536870911. The input is not a protobuf message of this type.");

    internal static InvalidProtocolBufferException InvalidWireType(uint tag) => new(
        $"Field {tag >> 3} has wire type {tag & 7}, which does not exist.");

    internal static InvalidProtocolBufferException UnexpectedEndGroup(uint tag) => new(
        $"A group with number {tag >> 3} ends that never began.");

    internal static InvalidProtocolBufferException MismatchedEndGroup(uint startTag, uint endTag) => new(
        $"The group with number {startTag >> 3} is ended by number {endTag >> 3}.");

    internal static InvalidProtocolBufferException UnterminatedGroup(uint startTag) => new(
        $"The group with number {startTag >> 3} does not end before its message ends.");

    internal static InvalidProtocolBufferException MessageNotConsumed(long left) => new(
        $"A message was read to {left} bytes before its end: its MergeFrom returned too early.");

    internal static InvalidProtocolBufferException PackedSizeMismatch(int length, int elementSize) => new(
        $"A packed field of {length} bytes does not hold a whole number of {elementSize}-byte elements.");

    internal static InvalidProtocolBufferException TooDeep(int limit) => new(
        $"Messages nest deeper than {limit} levels. If the sender is trusted, raise the recursion limit.");

    internal static InvalidProtocolBufferException TooDeepForStack(int depth) => new(
        $"Messages nest deeper than {depth} levels, for which the stack of this thread is too small. "
        + "Lower the recursion limit, or parse on a thread with a larger stack.");

    internal static InvalidProtocolBufferException SizeLimitExceeded(long limit) => new(
        $"The message is larger than the limit of {limit} bytes.");

    internal static InvalidProtocolBufferException InvalidUtf8() => new(
        "A string field holds bytes that are not UTF-8. If it holds binary data, its type should be bytes.");

    internal static InvalidProtocolBufferException InvalidBase64(Exception inner) => new("The text is not base64.", inner);

    internal static InvalidProtocolBufferException MissingRequiredFields(string typeName, string paths) => new(
        $"The message {typeName} lacks required fields: {paths}.");
}
