// SPDX-License-Identifier: Apache-2.0
using System;
using System.IO;
using System.Text;
using Peregrine.Protobuf.Reflection;
using Peregrine.Protobuf.Wire;

namespace Peregrine.Protobuf.Text;

/// <summary>Reads messages from protobuf's text format.</summary>
/// <remarks>Immutable, safe for use by many threads. What is wrong with a text is an <see cref="InvalidTextFormatException"/>, which tells where.</remarks>
public sealed class TextParser
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly Settings _settings;

    /// <summary>Makes a parser.</summary>
    /// <param name="settings">Limits, types and leniency.</param>
    public TextParser(Settings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _settings = settings;
    }

    /// <summary>A parser with the default settings.</summary>
    public static TextParser Default { get; } = new(Settings.Default);

    /// <summary>Reads a message.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="text">The text.</param>
    /// <returns>A new message.</returns>
    /// <exception cref="InvalidTextFormatException">The text is not in text format, or does not suit the message.</exception>
    /// <exception cref="InvalidProtocolBufferException">Required fields are missing.</exception>
    public T Parse<T>(string text)
        where T : IMessage, new()
    {
        T message = new();
        Merge(message, text);
        return message;
    }

    /// <summary>Reads a message.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="reader">Reads the text; read to its end.</param>
    /// <returns>A new message.</returns>
    /// <exception cref="InvalidTextFormatException">The text is not in text format, or does not suit the message.</exception>
    /// <exception cref="InvalidProtocolBufferException">Required fields are missing.</exception>
    public T Parse<T>(TextReader reader)
        where T : IMessage, new()
    {
        ArgumentNullException.ThrowIfNull(reader);
        return Parse<T>(reader.ReadToEnd());
    }

    /// <summary>Reads a message.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="utf8Text">The text in UTF-8, without a byte order mark.</param>
    /// <returns>A new message.</returns>
    /// <exception cref="InvalidTextFormatException">The text is not in text format, or does not suit the message.</exception>
    /// <exception cref="InvalidProtocolBufferException">Required fields are missing.</exception>
    public T Parse<T>(ReadOnlySpan<byte> utf8Text)
        where T : IMessage, new()
    {
        T message = new();
        Merge(message, utf8Text);
        return message;
    }

    /// <summary>Reads a message of a type known at run time.</summary>
    /// <param name="text">The text.</param>
    /// <param name="descriptor">The type; without generated code the message is a <see cref="DynamicMessage"/>.</param>
    /// <returns>A new message.</returns>
    /// <exception cref="InvalidTextFormatException">The text is not in text format, or does not suit the message.</exception>
    /// <exception cref="InvalidProtocolBufferException">Required fields are missing.</exception>
    public IMessage Parse(string text, MessageDescriptor descriptor)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        IMessage message = descriptor.Parser.CreateTemplate();
        Merge(message, text);
        return message;
    }

    /// <summary>
    /// Reads text into a message: singular fields are set, messages in it merged, repeated fields and maps get more elements.
    /// </summary>
    /// <param name="message">The message to change; after an exception it may hold a part.</param>
    /// <param name="text">The text.</param>
    /// <exception cref="InvalidTextFormatException">The text is not in text format, or does not suit the message.</exception>
    /// <exception cref="InvalidProtocolBufferException">Required fields are missing.</exception>
    public void Merge(IMessage message, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        byte[] utf8;
        try
        {
            utf8 = StrictUtf8.GetBytes(text);
        }
        catch (EncoderFallbackException e)
        {
            ReadOnlySpan<char> before = text.AsSpan(0, e.Index);
            int lineStart = before.LastIndexOf('\n') + 1;
            throw new InvalidTextFormatException(
                "The text has an unpaired surrogate.", before.Count('\n') + 1, Encoding.UTF8.GetByteCount(before[lineStart..]) + 1, path: "");
        }

        Merge(message, utf8);
    }

    /// <summary>
    /// Reads text into a message: singular fields are set, messages in it merged, repeated fields and maps get more elements.
    /// </summary>
    /// <param name="message">The message to change; after an exception it may hold a part.</param>
    /// <param name="utf8Text">The text in UTF-8, without a byte order mark.</param>
    /// <exception cref="InvalidTextFormatException">The text is not in text format, or does not suit the message.</exception>
    /// <exception cref="InvalidProtocolBufferException">Required fields are missing.</exception>
    public void Merge(IMessage message, ReadOnlySpan<byte> utf8Text)
    {
        ArgumentNullException.ThrowIfNull(message);
        new TextMessageReader(utf8Text, _settings).Read(message);
    }

    /// <summary>Limits, types and leniency of a <see cref="TextParser"/>; immutable, each With method makes a changed copy.</summary>
    public sealed record Settings
    {
        private Settings()
        {
        }

        /// <summary>100 levels, no types for <c>Any</c>; unknown fields, missing required fields and escapes that stand for no character are errors.</summary>
        public static Settings Default { get; } = new();

        /// <summary>How many messages may be nested in each other, below the root.</summary>
        public int RecursionLimit { get; private init; } = WireReaderOptions.DefaultRecursionLimit;

        /// <summary>The types that <c>Any</c> may hold, and the extensions that are known besides those of the message's own file.</summary>
        public TypeRegistry TypeRegistry { get; private init; } = TypeRegistry.Empty;

        /// <summary>Whether fields and extensions, and names of enum values, that are not known are skipped; fields may then be numbers, too.</summary>
        public bool IgnoreUnknownFields { get; private init; }

        /// <summary>Whether required fields may be missing.</summary>
        public bool AllowPartial { get; private init; }

        /// <summary>
        /// Whether what <c>protoc --encode</c> accepts is accepted although the specification refuses it: escapes of surrogates, of
        /// a number above 10ffff and of an octal number above a byte; and a field without presence twice, if it had its default before.
        /// </summary>
        public bool FollowProtoc { get; private init; }

        /// <summary>
        /// Whether a singular field may be given several times, and several fields of a oneof: the last one counts, and messages are merged.
        /// </summary>
        public bool AllowSingularOverwrites { get; private init; }

        /// <summary>What is told about fields that are deprecated; null for nothing. Called on the thread that parses.</summary>
        public Action<TextWarning>? WarningHandler { get; private init; }

        /// <summary>These settings with another <see cref="RecursionLimit"/>.</summary>
        /// <param name="recursionLimit">The new value.</param>
        /// <returns>A new object.</returns>
        public Settings WithRecursionLimit(int recursionLimit)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(recursionLimit);
            return this with { RecursionLimit = recursionLimit };
        }

        /// <summary>These settings with another <see cref="TypeRegistry"/>.</summary>
        /// <param name="typeRegistry">The new value.</param>
        /// <returns>A new object.</returns>
        public Settings WithTypeRegistry(TypeRegistry typeRegistry)
        {
            ArgumentNullException.ThrowIfNull(typeRegistry);
            return this with { TypeRegistry = typeRegistry };
        }

        /// <summary>These settings with another <see cref="IgnoreUnknownFields"/>.</summary>
        /// <param name="ignoreUnknownFields">The new value.</param>
        /// <returns>A new object.</returns>
        public Settings WithIgnoreUnknownFields(bool ignoreUnknownFields) => this with { IgnoreUnknownFields = ignoreUnknownFields };

        /// <summary>These settings with another <see cref="AllowPartial"/>.</summary>
        /// <param name="allowPartial">The new value.</param>
        /// <returns>A new object.</returns>
        public Settings WithAllowPartial(bool allowPartial) => this with { AllowPartial = allowPartial };

        /// <summary>These settings with another <see cref="FollowProtoc"/>.</summary>
        /// <param name="followProtoc">The new value.</param>
        /// <returns>A new object.</returns>
        public Settings WithFollowProtoc(bool followProtoc) => this with { FollowProtoc = followProtoc };

        /// <summary>These settings with another <see cref="AllowSingularOverwrites"/>.</summary>
        /// <param name="allowSingularOverwrites">The new value.</param>
        /// <returns>A new object.</returns>
        public Settings WithAllowSingularOverwrites(bool allowSingularOverwrites) => this with { AllowSingularOverwrites = allowSingularOverwrites };

        /// <summary>These settings with another <see cref="WarningHandler"/>.</summary>
        /// <param name="warningHandler">The new value.</param>
        /// <returns>A new object.</returns>
        public Settings WithWarningHandler(Action<TextWarning>? warningHandler) => this with { WarningHandler = warningHandler };
    }
}
