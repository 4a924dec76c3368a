// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;
using System.Text.Json;
using Peregrine.Protobuf.Compiler.Sources;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Peregrine.Cli.Mock;

/// <summary>Reads answers files. YAML 1.2 holds JSON, so that one reader takes both.</summary>
internal static class AnswersFile
{
    private const int MaxLength = 64 << 20;

    // References (*name) let a small file stand for a huge one.
    private const int MaxNodes = 5_000_000;

    /// <summary>Reads a file.</summary>
    /// <returns>Its value; null when there is nothing in it.</returns>
    /// <exception cref="ToolException">It cannot be read, or is neither YAML nor JSON; the message has the place.</exception>
    public static AnswerNode? Read(string path)
    {
        try
        {
            var text = Encoding.UTF8.GetString(InputBytes.ReadFile(path, MaxLength)).TrimStart('\uFEFF');

            // YAML lets no tab indent, JSON does; a text cannot hold one in JSON, so that only blanks are changed.
            var isJson = text.AsSpan().TrimStart(" \t\r\n") is ['{' or '[', ..];
            var left = MaxNodes;
            return YamlText.Read(isJson ? text.Replace('\t', ' ') : text, path) is { } root ? Convert(root, path, 0, ref left) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ToolException($"The answers cannot be read: {e.Message}");
        }
        catch (YamlException e)
        {
            throw Wrong(path, e.Start, $"This is neither YAML nor JSON: {e.InnerException?.Message ?? e.Message}");
        }
    }

    private static AnswerNode Convert(YamlNode node, string path, int depth, ref int left)
    {
        if (depth > YamlText.MaxDepth || --left < 0)
        {
            throw Wrong(path, node.Start, depth > YamlText.MaxDepth ? $"The values are nested more than {YamlText.MaxDepth} deep, references included." : $"There are more than {MaxNodes} values, references included.");
        }

        switch (node)
        {
            case YamlSequenceNode list:
                List<AnswerNode> items = [];
                foreach (var item in list)
                {
                    items.Add(Convert(item, path, depth + 1, ref left));
                }

                return new AnswerNode(AnswerKind.List, node.Start.Line, node.Start.Column) { Items = items };
            case YamlMappingNode map:
                List<KeyValuePair<AnswerNode, AnswerNode>> members = [];
                foreach (var (key, value) in map)
                {
                    if (key is not YamlScalarNode { Value: { } name })
                    {
                        throw Wrong(path, key.Start, "A key is not a text.");
                    }

                    members.Add(new(
                        new AnswerNode(AnswerKind.Text, key.Start.Line, key.Start.Column) { Text = name }, Convert(value, path, depth + 1, ref left)));
                }

                return new AnswerNode(AnswerKind.Mapping, node.Start.Line, node.Start.Column) { Members = members };
            default:
                var text = ((YamlScalarNode)node).Value ?? "";
                return new AnswerNode(((YamlScalarNode)node).Style == ScalarStyle.Plain ? KindOf(text) : AnswerKind.Text, node.Start.Line, node.Start.Column) { Text = text };
        }
    }

    // The core schema of YAML 1.2, as far as JSON can say the same.
    private static AnswerKind KindOf(string plain) => plain switch
    {
        "" or "~" or "null" or "Null" or "NULL" => AnswerKind.Null,
        "true" or "false" => AnswerKind.Boolean,
        _ => IsNumber(plain) ? AnswerKind.Number : AnswerKind.Text,
    };

    private static bool IsNumber(string text)
    {
        if (text[0] != '-' && !char.IsAsciiDigit(text[0]))
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
            return reader.Read() && reader.TokenType == JsonTokenType.Number && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static ToolException Wrong(string path, in Mark place, string message) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{path}:{place.Line}:{place.Column}: {message}"));
}
