// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Protobuf;

/// <summary>A message that has extension ranges, without its static type.</summary>
public interface IExtendable : IMessage
{
    /// <summary>The extension values; null when none was ever set.</summary>
    IExtensionSet? Extensions { get; }

    /// <summary>The extension values, made on the first call.</summary>
    IExtensionSet GetOrCreateExtensions();
}
