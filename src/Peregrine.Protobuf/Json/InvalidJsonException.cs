// SPDX-License-Identifier: Apache-2.0
using System;
using System.IO;

namespace Peregrine.Protobuf;

/// <summary>Text that is not JSON; JSON that does not suit the message is an <see cref="InvalidProtocolBufferException"/>.</summary>
public sealed class InvalidJsonException : IOException
{
    internal InvalidJsonException(string message)
        : base(message)
    {
    }

    internal InvalidJsonException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
