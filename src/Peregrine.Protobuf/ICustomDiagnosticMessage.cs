// SPDX-License-Identifier: Apache-2.0
namespace Peregrine.Protobuf;

/// <summary>A message that says itself what <see cref="object.ToString"/> prints; implemented in partial classes.</summary>
public interface ICustomDiagnosticMessage : IMessage
{
    /// <summary>The text for people; it need not be JSON.</summary>
    string ToDiagnosticString();
}
