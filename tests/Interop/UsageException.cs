// SPDX-License-Identifier: Apache-2.0
namespace Interop;

/// <summary>The command line is wrong; the message says how, and what would be right.</summary>
public sealed class UsageException(string message) : Exception(message);
