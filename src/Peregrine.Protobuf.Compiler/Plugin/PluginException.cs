// SPDX-License-Identifier: Apache-2.0
using System;

namespace Peregrine.Protobuf.Compiler.Plugin;

/// <summary>A plugin could not be started, did not end well, or answered with something that is no response.</summary>
public sealed class PluginException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">The name of the plugin, and what is wrong.</param>
    /// <param name="innerException">The cause, or null.</param>
    public PluginException(string message, Exception? innerException = null) : base(message, innerException)
    {
    }
}
