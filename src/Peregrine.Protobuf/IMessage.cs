// SPDX-License-Identifier: Apache-2.0
using System;
using Peregrine.Protobuf.Reflection;
using Peregrine.Protobuf.Wire;

namespace Peregrine.Protobuf;

/// <summary>A protobuf message of any type. Messages are not safe for changes from several threads; reading is.</summary>
public interface IMessage : IFieldAccess
{
    /// <summary>Describes the message type.</summary>
    MessageDescriptor Descriptor { get; }

    /// <summary>
    /// The size that the last <see cref="CalculateSize"/> found. It is stored in the message for the writer; as threads
    /// that serialize one message at once store the same number, they do not disturb each other.
    /// </summary>
    int CachedSize { get; }

    /// <summary>The fields that were read and that the message type does not know, in their order; null for none.</summary>
    UnknownFieldSet? UnknownFields { get; set; }

    /// <summary>The size of the serialized message in bytes; also stores it here and in every nested message.</summary>
    /// <exception cref="InvalidOperationException">The message is larger than 2 GiB.</exception>
    int CalculateSize();

    /// <summary>
    /// Writes the fields. <see cref="CalculateSize"/> must have run since the last change; users call
    /// <see cref="MessageExtensions.ToByteArray"/> and its kin, which see to that.
    /// </summary>
    void WriteTo(ref WireWriter writer);

    /// <summary>Reads fields and merges them in, up to the limit of the reader or to an end-group tag.</summary>
    /// <exception cref="InvalidProtocolBufferException">The input is malformed.</exception>
    void MergeFrom(ref WireReader reader);

    /// <summary>Whether all required fields are set, here and in nested messages.</summary>
    bool IsInitialized() => true;
}
