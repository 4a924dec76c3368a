// SPDX-License-Identifier: Apache-2.0
namespace Interop.Client;

/// <summary>A case did not come out as it must; the message says what was expected and what came.</summary>
public sealed class CaseFailedException(string message) : Exception(message);
