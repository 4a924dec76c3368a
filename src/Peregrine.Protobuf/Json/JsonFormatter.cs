// SPDX-License-Identifier: Apache-2.0
using System;
using System.Buffers;
using System.IO;
using System.Text.Encodings.Web;
using System.Text.Json;
using Peregrine.Protobuf.Json;
using Peregrine.Protobuf.Reflection;

namespace Peregrine.Protobuf;

/// <summary>
/// Writes messages as JSON, by the JSON mapping of the protobuf language guide (ProtoJSON), well-known types included.
/// </summary>
/// <remarks>Immutable, safe for use by many threads.</remarks>
public sealed class JsonFormatter
{
    /// <summary>
    /// How deep messages may be nested: what <see cref="JsonParser"/> accepts by default. Building deeper ones is
    /// possible in memory only, and without a bound they would exhaust the stack.
    /// </summary>
    internal const int MaxDepth = 100;

    private readonly Settings _settings;
    private readonly JsonWriterOptions _writerOptions;

    /// <summary>Makes a formatter.</summary>
    /// <param name="settings">What to write and how.</param>
    /// <exception cref="ArgumentException">The indentation is not of spaces only or tabs only, or is longer than 127.</exception>
    public JsonFormatter(Settings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _settings = settings;
        _writerOptions = CreateWriterOptions(settings.Indentation);
    }

    /// <summary>A formatter with the default settings.</summary>
    public static JsonFormatter Default { get; } = new(Settings.Default);

    private static JsonFormatter Diagnostic { get; } = new(Settings.Default);

    /// <summary>
    /// Writes a message for people to read: as JSON where it has a JSON form, and where it has none (an <c>Any</c> of an
    /// unknown type, a timestamp out of range) with <c>@value</c> and <c>@warning</c> members that show what is there.
    /// Generated <c>ToString()</c> methods call this.
    /// </summary>
    /// <param name="message">The message.</param>
    /// <returns>JSON text; no exception for any content.</returns>
    public static string ToDiagnosticString(IMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Diagnostic.Format(message, diagnostic: true);
    }

    /// <summary>Writes a message as JSON text.</summary>
    /// <param name="message">The message.</param>
    /// <returns>The text.</returns>
    /// <exception cref="InvalidOperationException">
    /// The message has no JSON form: an <c>Any</c> whose type the registry lacks or whose bytes are malformed, a
    /// timestamp, duration or field mask outside the standard, a <c>Value</c> that is unset or not finite, text with an
    /// unpaired surrogate, or nesting more than 100 deep. The error says where.
    /// </exception>
    public string Format(IMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return Format(message, diagnostic: false);
    }

    /// <summary>Writes a message as JSON text.</summary>
    /// <param name="message">The message.</param>
    /// <param name="writer">Where the text goes.</param>
    /// <exception cref="InvalidOperationException">The message has no JSON form; see <see cref="Format(IMessage)"/>. Nothing is written.</exception>
    public void Format(IMessage message, TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write(Format(message));
    }

    /// <summary>Writes a message as JSON in UTF-8.</summary>
    /// <param name="message">The message.</param>
    /// <param name="output">Where the bytes go; when an exception is thrown it may have got some.</param>
    /// <exception cref="InvalidOperationException">The message has no JSON form; see <see cref="Format(IMessage)"/>.</exception>
    public void Format(IMessage message, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(output);
        using Utf8JsonWriter writer = new(output, _writerOptions);
        new JsonMessageWriter(new Utf8JsonSink(writer), _settings, diagnostic: false).WriteMessage(message);
    }

    /// <summary>Writes a message as one JSON value of a larger document; the writer's own options decide on indentation.</summary>
    /// <param name="message">The message.</param>
    /// <param name="writer">The writer, where a value may stand; not flushed.</param>
    /// <exception cref="InvalidOperationException">The message has no JSON form; see <see cref="Format(IMessage)"/>.</exception>
    public void Format(IMessage message, Utf8JsonWriter writer)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(writer);
        new JsonMessageWriter(new Utf8JsonSink(writer), _settings, diagnostic: false).WriteMessage(message);
    }

    private static JsonWriterOptions CreateWriterOptions(string? indentation)
    {
        JsonWriterOptions options = new()
        {
            // The output is JSON, not part of an HTML page: escape what RFC 8259 asks for, and keep other text readable.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            SkipValidation = true,
        };
        if (string.IsNullOrEmpty(indentation))
        {
            return options;
        }

        if (indentation[0] is not (' ' or '\t') || indentation.AsSpan().ContainsAnyExcept(indentation[0]))
        {
            throw new ArgumentException("The indentation is either of spaces or of tabs.", nameof(indentation));
        }

        options.Indented = true;
        options.IndentCharacter = indentation[0];
        options.IndentSize = indentation.Length;
        options.NewLine = "\n";
        return options;
    }

    private string Format(IMessage message, bool diagnostic) => JsonOutput.Format(message, _writerOptions, _settings, diagnostic);

    /// <summary>What a <see cref="JsonFormatter"/> writes and how; immutable, each With method makes a changed copy.</summary>
    public sealed class Settings
    {
        /// <summary>Makes settings.</summary>
        /// <param name="formatDefaultValues">Whether to write fields without presence that hold their default.</param>
        public Settings(bool formatDefaultValues)
            : this(formatDefaultValues, TypeRegistry.Empty)
        {
        }

        /// <summary>Makes settings.</summary>
        /// <param name="formatDefaultValues">Whether to write fields without presence that hold their default.</param>
        /// <param name="typeRegistry">The types that <c>Any</c> may hold.</param>
        public Settings(bool formatDefaultValues, TypeRegistry typeRegistry)
            : this(formatDefaultValues, typeRegistry, formatEnumsAsIntegers: false, preserveProtoFieldNames: false)
        {
        }

        private Settings(bool formatDefaultValues, TypeRegistry typeRegistry, bool formatEnumsAsIntegers, bool preserveProtoFieldNames, string? indentation = null)
        {
            ArgumentNullException.ThrowIfNull(typeRegistry);
            FormatDefaultValues = formatDefaultValues;
            TypeRegistry = typeRegistry;
            FormatEnumsAsIntegers = formatEnumsAsIntegers;
            PreserveProtoFieldNames = preserveProtoFieldNames;
            Indentation = indentation;
        }

        /// <summary>No defaults, no types for <c>Any</c>, enums by name, JSON names, one line.</summary>
        public static Settings Default { get; } = new(formatDefaultValues: false);

        /// <summary>
        /// Whether fields without presence are written although they hold their default: zero, empty text, empty list or map.
        /// </summary>
        public bool FormatDefaultValues { get; }

        /// <summary>The types that <c>Any</c> may hold, and the extensions that are written.</summary>
        public TypeRegistry TypeRegistry { get; }

        /// <summary>Whether enum values are written as numbers instead of names.</summary>
        public bool FormatEnumsAsIntegers { get; }

        /// <summary>Whether fields are named as in the .proto instead of by their JSON names.</summary>
        public bool PreserveProtoFieldNames { get; }

        /// <summary>What a level is indented by, spaces or tabs; null or empty for all on one line.</summary>
        public string? Indentation { get; }

        /// <summary>These settings with another <see cref="FormatDefaultValues"/>.</summary>
        /// <param name="formatDefaultValues">The new value.</param>
        /// <returns>A new object.</returns>
        public Settings WithFormatDefaultValues(bool formatDefaultValues) =>
            new(formatDefaultValues, TypeRegistry, FormatEnumsAsIntegers, PreserveProtoFieldNames, Indentation);

        /// <summary>These settings with another <see cref="TypeRegistry"/>.</summary>
        /// <param name="typeRegistry">The new value.</param>
        /// <returns>A new object.</returns>
        public Settings WithTypeRegistry(TypeRegistry typeRegistry) =>
            new(FormatDefaultValues, typeRegistry, FormatEnumsAsIntegers, PreserveProtoFieldNames, Indentation);

        /// <summary>These settings with another <see cref="FormatEnumsAsIntegers"/>.</summary>
        /// <param name="formatEnumsAsIntegers">The new value.</param>
        /// <returns>A new object.</returns>
        public Settings WithFormatEnumsAsIntegers(bool formatEnumsAsIntegers) =>
            new(FormatDefaultValues, TypeRegistry, formatEnumsAsIntegers, PreserveProtoFieldNames, Indentation);

        /// <summary>These settings with another <see cref="PreserveProtoFieldNames"/>.</summary>
        /// <param name="preserveProtoFieldNames">The new value.</param>
        /// <returns>A new object.</returns>
        public Settings WithPreserveProtoFieldNames(bool preserveProtoFieldNames) =>
            new(FormatDefaultValues, TypeRegistry, FormatEnumsAsIntegers, preserveProtoFieldNames, Indentation);

        /// <summary>These settings with another <see cref="Indentation"/>.</summary>
        /// <param name="indentation">The new value.</param>
        /// <returns>A new object.</returns>
        public Settings WithIndentation(string? indentation = "  ") =>
            new(FormatDefaultValues, TypeRegistry, FormatEnumsAsIntegers, PreserveProtoFieldNames, indentation);
    }
}
