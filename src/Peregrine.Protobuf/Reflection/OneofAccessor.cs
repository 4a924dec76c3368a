// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Protobuf.Reflection;

/// <summary>Reads and clears a oneof in a message of the oneof's containing type.</summary>
public sealed class OneofAccessor
{
    internal OneofAccessor(OneofDescriptor descriptor) => Descriptor = descriptor;

    /// <summary>The oneof.</summary>
    public OneofDescriptor Descriptor { get; }

    /// <summary>Clears whichever field of the oneof is set.</summary>
    /// <param name="message">The message to change.</param>
    public void Clear(IMessage message) => GetCaseFieldDescriptor(message)?.Accessor.Clear(message);

    /// <summary>Tells which field of the oneof is set.</summary>
    /// <param name="message">The message to read.</param>
    /// <returns>The field, or null when none is set.</returns>
    public FieldDescriptor? GetCaseFieldDescriptor(IMessage message)
    {
        foreach (FieldDescriptor field in Descriptor.Fields)
        {
            if (field.Accessor.HasValue(message))
            {
                return field;
            }
        }

        return null;
    }
}
