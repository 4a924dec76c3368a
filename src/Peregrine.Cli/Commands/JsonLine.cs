// SPDX-License-Identifier: Apache-2.0

using System;
using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Peregrine.Cli.Commands;

/// <summary>Writes a JSON object on a line of standard output.</summary>
internal static class JsonLine
{
    /// <summary>Writes it.</summary>
    /// <param name="terminal">Where to.</param>
    /// <param name="members">Writes the members.</param>
    public static void Write(Terminal terminal, Action<Utf8JsonWriter> members)
    {
        var line = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        terminal.Output.WriteLine(Encoding.UTF8.GetString(line.WrittenSpan));
    }
}
