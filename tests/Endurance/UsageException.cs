// SPDX-License-Identifier: Apache-2.0
namespace Endurance;

/// <summary>The command line is wrong; the message says how.</summary>
internal sealed class UsageException(string message) : Exception(message);
