// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Peregrine.Protobuf.Json;

/// <summary>A name of a field or enum value, made ready for JSON once. Immutable.</summary>
internal sealed class JsonName
{
    public JsonName(string text)
    {
        Text = text;
        Utf8 = Encoding.UTF8.GetBytes(text);
        IsWellFormed = JsonText.IsWellFormed(text);
        if (IsWellFormed)
        {
            Encoded = JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
            Member = [(byte)'"', .. Encoded.EncodedUtf8Bytes, (byte)'"', (byte)':'];
        }
    }

    public string Text { get; }

    public byte[] Utf8 { get; }

    /// <summary>Whether it has no unpaired surrogate; else there is no <see cref="Encoded"/>.</summary>
    public bool IsWellFormed { get; }

    /// <summary>The name as our own formatters escape it.</summary>
    public JsonEncodedText Encoded { get; }

    /// <summary>What a member of that name begins with: the name as our own formatters escape it, in quotes, and a colon.</summary>
    public byte[] Member { get; } = [];
}
