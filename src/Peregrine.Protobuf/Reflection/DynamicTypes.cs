// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Protobuf.Reflection;

/// <summary>
/// Makes what takes the place of generated code. Descriptors and formatters know dynamic messages through this class only: a program
/// that is trimmed carries them if it makes some, and not because each message can be written as JSON.
/// </summary>
internal abstract class DynamicTypes
{
    /// <summary>The parser of the dynamic messages of a type.</summary>
    public abstract MessageParser ParserOf(MessageDescriptor type);

    /// <summary>A new identifier of an extension for dynamic messages.</summary>
    public abstract Extension NewExtension(FieldDescriptor extension);
}
