// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Protobuf.Reflection;

/// <summary>What every descriptor has: a name, a full name and the file that declares it.</summary>
public interface IDescriptor
{
    /// <summary>The name as the .proto declares it, without package or containing types.</summary>
    string Name { get; }

    /// <summary>The name with package and containing types, without a leading dot.</summary>
    string FullName { get; }

    /// <summary>The file that declares this.</summary>
    FileDescriptor File { get; }
}
