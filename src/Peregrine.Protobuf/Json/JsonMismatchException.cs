// SPDX-License-Identifier: Apache-2.0
using System;
using System.Diagnostics.CodeAnalysis;

namespace Peregrine.Protobuf.Json;

/// <summary>
/// JSON that does not suit the message, on its way up to where the position is known; there it becomes an
/// <see cref="InvalidProtocolBufferException"/>.
/// </summary>
[SuppressMessage("Design", "CA1064", Justification = "It never leaves the parser: the parser turns it into a public exception.")]
internal sealed class JsonMismatchException : Exception
{
    public JsonMismatchException(string message)
        : base(message)
    {
    }

    public JsonMismatchException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
