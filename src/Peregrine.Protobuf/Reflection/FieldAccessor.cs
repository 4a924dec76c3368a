// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine.Protobuf.Reflection;

/// <summary>Reaches a field by its number through the message's own <see cref="IFieldAccess"/>: no run-time reflection.</summary>
internal sealed class FieldAccessor(FieldDescriptor descriptor) : IFieldAccessor
{
    public FieldDescriptor Descriptor { get; } = descriptor;

    public void Clear(IMessage message) => Check(message).ClearField(Descriptor.FieldNumber);

    public object? GetValue(IMessage message) => Check(message).GetField(Descriptor.FieldNumber);

    public bool HasValue(IMessage message) => Check(message).HasField(Descriptor.FieldNumber);

    public void SetValue(IMessage message, object? value)
    {
        IMessage target = Check(message);
        if (Descriptor.IsRepeated)
        {
            throw new InvalidOperationException($"{Descriptor.FullName} is repeated: change the collection that GetValue returns.");
        }

        target.SetField(Descriptor.FieldNumber, value);
    }

    /// <summary>A field number means something else in another type: refuse it rather than touch the wrong field.</summary>
    private IMessage Check(IMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return ReferenceEquals(message.Descriptor, Descriptor.ContainingType)
            ? message
            : throw new ArgumentException($"{Descriptor.FullName} is not a field of a {message.Descriptor.FullName}.", nameof(message));
    }
}
