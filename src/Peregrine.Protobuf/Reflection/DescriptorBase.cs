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

    /// <summary>The features of this element after inheritance from its parents and the edition.</summary>
    internal ResolvedFeatures Features { get; }

    /// <summary>The element that contains this one, or null at the top level of a file.</summary>
    internal abstract DescriptorBase? Parent { get; }

    /// <summary>The field number of this kind of element in the descriptor message of its parent, for source paths.</summary>
    internal abstract int NumberInParent { get; }

    /// <summary>The full name, for logs and error messages.</summary>
    /// <returns><see cref="FullName"/>.</returns>
    public override string ToString() => FullName;
}
