// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Protobuf;

/// <summary>An object that can copy itself with all that it holds.</summary>
/// <typeparam name="T">The type of the copy.</typeparam>
public interface IDeepCloneable<T>
{
    /// <summary>A copy that shares nothing that can change.</summary>
    T Clone();
}
