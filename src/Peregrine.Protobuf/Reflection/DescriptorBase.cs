// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Protobuf.Reflection;

/// <summary>The base of all descriptors but the file's: where the element stands and which features it has.</summary>
/// <remarks>Descriptors are immutable and safe for use by many threads; what they do not hold yet they build on first use.</remarks>
public abstract class DescriptorBase : IDescriptor
{
    private protected DescriptorBase(FileDescriptor file, string fullName, int index, in ResolvedFeatures features)
    {
        File = file;
        FullName = fullName;
        Index = index;
        Features = features;
    }

    /// <summary>What the JSON code keeps with this descriptor, made when JSON is first written or read.</summary>
    internal object? JsonForm;

    /// <summary>The zero-based position among the siblings of the same kind in the containing type or file.</summary>
    public int Index { get; }

    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public string FullName { get; }

    /// <inheritdoc/>
    public FileDescriptor File { get; }

    /// <summary>
    /// Position and comments of the declaration, or null when the file's descriptor came without source information
    /// (generated code embeds none).
    /// </summary>
    public DescriptorDeclaration? Declaration => File.FindDeclaration(this);

    /// <summary>
    /// The features of this element after inheritance from its parents and the edition. What follows from them together with a field's
    /// type is told by <see cref="FieldDescriptor.HasPresence"/>, <see cref="FieldDescriptor.IsPacked"/> and their kin.
    /// </summary>
    public ResolvedFeatures Features { get; }

    /// <summary>The options as the .proto sets them; null when it sets none.</summary>
    internal abstract IMessage? Options { get; }

    /// <summary>The type of the options of this kind of element.</summary>
    internal abstract MessageDescriptor OptionsType { get; }

    /// <summary>The element that contains this one, or null at the top level of a file.</summary>
    internal abstract DescriptorBase? Parent { get; }

    /// <summary>The field number of this kind of element in the descriptor message of its parent, for source paths.</summary>
    internal abstract int NumberInParent { get; }

    /// <summary>The value of a custom option that is known by its descriptor only, such as one of a <see cref="DescriptorPool"/>.</summary>
    /// <param name="extension">An extension of the options of this kind of element.</param>
    /// <returns>
    /// The value as <see cref="DynamicMessage.GetField(FieldDescriptor)"/> gives it, and as there the default when the option is not set.
    /// A copy: changing it does not change the descriptor.
    /// </returns>
    /// <exception cref="System.ArgumentException">The extension is not one of these options.</exception>
    /// <exception cref="InvalidProtocolBufferException">The bytes of the options are not of the extension's type.</exception>
    public object? GetOption(FieldDescriptor extension) => OptionValues.Get(Options, OptionsType, File, extension);

    /// <summary>The full name, for logs and error messages.</summary>
    /// <returns><see cref="FullName"/>.</returns>
    public override string ToString() => FullName;
}
