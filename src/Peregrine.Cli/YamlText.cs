// SPDX-License-Identifier: Apache-2.0

using System.Globalization;
using System.IO;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Peregrine.Cli;

/// <summary>Reads the YAML of files that may come from anybody.</summary>
internal static class YamlText
{
    /// <summary>How deep lists and mappings may be nested.</summary>
    public const int MaxDepth = 100;

    // The stream and the document count as nesting, too.
    private const int AroundRoot = 2;

    /// <summary>Reads the first document of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="path">The file that it is of, for messages.</param>
    /// <returns>Its root; null when there is no document.</returns>
    /// <exception cref="YamlException">The text is no YAML.</exception>
    /// <exception cref="ToolException">It is nested too deep.</exception>
    public static YamlNode? Read(string text, string path)
    {
        CheckDepth(text, path);
        using var reader = new StringReader(text);
        var yaml = new YamlStream();
        yaml.Load(reader);
        return yaml.Documents is [var document, ..] ? document.RootNode : null;
    }

    // YamlStream recurses for each level, and a stack that overflows ends the process; the parser does not.
    private static void CheckDepth(string text, string path)
    {
        using var reader = new StringReader(text);
        var parser = new Parser(reader);
        var depth = -AroundRoot;
        while (parser.MoveNext())
        {
            depth += parser.Current!.NestingIncrease;
            if (depth > MaxDepth)
            {
                var place = parser.Current.Start;
                throw new ToolException(string.Create(CultureInfo.InvariantCulture, $"{path}:{place.Line}:{place.Column}: The values are nested more than {MaxDepth} deep."));
            }
        }
    }
}
