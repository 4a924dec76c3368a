// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.IO;
using System.Text;
using Peregrine.Protobuf.Reflection;
using Peregrine.Protobuf.Wire;

namespace Peregrine.Protobuf.Text;

/// <summary>Writes messages in protobuf's text format, as <c>protoc --decode</c> prints them.</summary>
/// <remarks>
/// Immutable, safe for use by many threads. Fields stand in the order of their numbers and maps in the order of their keys: equal
/// messages give equal text.
/// </remarks>
public sealed class TextFormatter
{
    /// <summary>
    /// How deep messages may be nested: what parsers accept by default. Building deeper ones is possible in memory only, and without a
    /// bound they would exhaust the stack.
    /// </summary>
    internal const int MaxDepth = WireReaderOptions.DefaultRecursionLimit;

    private readonly Settings _settings;

    /// <summary>Makes a formatter.</summary>
    /// <param name="settings">What to write and how.</param>
    public TextFormatter(Settings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _settings = settings;
    }

    /// <summary>A formatter with the default settings.</summary>
    public static TextFormatter Default { get; } = new(Settings.Default);

    /// <summary>Writes a message.</summary>
    /// <param name="message">The message.</param>
    /// <returns>The text; each line ends in a line feed, but a single line does not. Empty for a message without fields.</returns>
    /// <exception cref="InvalidOperationException">
    /// The message has no text form: it has text with an unpaired surrogate, or is nested more than 100 deep.
    /// </exception>
    public string Format(IMessage message)
    {
        ArrayBufferWriter<byte> output = new();
        Format(message, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>Writes a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="writer">Where the text goes.</param>
    /// <exception cref="InvalidOperationException">The message has no text form; see <see cref="Format(IMessage)"/>. Nothing is written.</exception>
    public void Format(IMessage message, TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(Format(message));
    }

    /// <summary>Writes a message in UTF-8.</summary>
    /// <param name="message">The message.</param>
    /// <param name="output">Where the bytes go; when an exception is thrown it may have got some.</param>
    /// <exception cref="InvalidOperationException">The message has no text form; see <see cref="Format(IMessage)"/>.</exception>
    public void Format(IMessage message, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(output);
        new TextMessageWriter(output, _settings).Write(message);
    }

    /// <summary>What a <see cref="TextFormatter"/> writes and how; immutable, each With method makes a changed copy.</summary>
    public sealed record Settings
    {
        private Settings()
        {
        }

        /// <summary>Many lines, no types for <c>Any</c>, unknown fields by number, what is not ASCII escaped.</summary>
        public static Settings Default { get; } = new();

        /// <summary>Whether all is written on one line, with a blank between fields.</summary>
        public bool SingleLine { get; private init; }

        /// <summary>The types that <c>Any</c> may hold, and the extensions that are written besides those of the message's own file.</summary>
        public TypeRegistry TypeRegistry { get; private init; } = TypeRegistry.Empty;

        /// <summary>
        /// Whether an <c>Any</c> is written as <c>[type.googleapis.com/my.Type] { ... }</c> if the registry has its type and its bytes are
        /// such a message; else it is written as its fields.
        /// </summary>
        public bool ExpandAny { get; private init; } = true;

        /// <summary>
        /// Whether fields that the message type does not know are written, named by their numbers. Parsers take no such names: the text
        /// is for people then.
        /// </summary>
        public bool FormatUnknownFields { get; private init; } = true;

        /// <summary>Whether characters that are not ASCII are written as escapes of their UTF-8 bytes; in bytes fields they always are.</summary>
        public bool EscapeNonAscii { get; private init; } = true;

        /// <summary>These settings with another <see cref="SingleLine"/>.</summary>
        /// <param name="singleLine">The new value.</param>
        /// <returns>A new object.</returns>
        public Settings WithSingleLine(bool singleLine) => this with { SingleLine = singleLine };

        /// <summary>These settings with another <see cref="TypeRegistry"/>.</summary>
        /// <param name="typeRegistry">The new value.</param>
        /// <returns>A new object.</returns>
        public Settings WithTypeRegistry(TypeRegistry typeRegistry)
        {
            ArgumentNullException.ThrowIfNull(typeRegistry);
            return this with { TypeRegistry = typeRegistry };
        }

        /// <summary>These settings with another <see cref="ExpandAny"/>.</summary>
        /// <param name="expandAny">The new value.</param>
        /// <returns>A new object.</returns>
        public Settings WithExpandAny(bool expandAny) => this with { ExpandAny = expandAny };

        /// <summary>These settings with another <see cref="FormatUnknownFields"/>.</summary>
        /// <param name="formatUnknownFields">The new value.</param>
        /// <returns>A new object.</returns>
        public Settings WithFormatUnknownFields(bool formatUnknownFields) => this with { FormatUnknownFields = formatUnknownFields };

        /// <summary>These settings with another <see cref="EscapeNonAscii"/>.</summary>
        /// <param name="escapeNonAscii">The new value.</param>
        /// <returns>A new object.</returns>
        public Settings WithEscapeNonAscii(bool escapeNonAscii) => this with { EscapeNonAscii = escapeNonAscii };
    }
}
