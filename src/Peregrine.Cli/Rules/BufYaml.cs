// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Peregrine.Cli.Schema;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Peregrine.Cli.Rules;

/// <summary>A mapping of a <c>buf.yaml</c> or <c>buf.work.yaml</c>: the whole file, or a section of it. Names and meanings are buf's.</summary>
internal sealed class BufYaml
{
    /// <summary>The name of the file that has a folder's settings.</summary>
    public const string FileName = "buf.yaml";

    /// <summary>The name of the file that lists a folder's modules, where each has a <c>buf.yaml</c> of its own.</summary>
    public const string WorkFileName = "buf.work.yaml";

    private readonly Dictionary<string, YamlNode> _keys;
    private readonly IReadOnlyList<YamlNode> _names;
    private readonly string _path;

    private BufYaml(Dictionary<string, YamlNode> keys, IReadOnlyList<YamlNode> names, string path)
    {
        _keys = keys;
        _names = names;
        _path = path;
    }

    /// <summary>An empty one.</summary>
    public static BufYaml None { get; } = new([], [], "");

    /// <summary>Reads a file.</summary>
    /// <exception cref="ToolException">It cannot be read, is no YAML or nested too deep, or is no mapping.</exception>
    public static BufYaml Read(string path)
    {
        try
        {
            return YamlText.Read(File.ReadAllText(path), path) is { } document ? Map(document, "the file", path) : None;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ToolException($"{path} cannot be read: {e.Message}");
        }
        catch (YamlException e)
        {
            throw new ToolException(string.Create(CultureInfo.InvariantCulture, $"{path}:{e.Start.Line}:{e.Start.Column}: no YAML: {e.InnerException?.Message ?? e.Message}"));
        }
    }

    /// <summary>Whether there is such a key.</summary>
    public bool Has(string key) => _keys.ContainsKey(key);

    /// <summary>The mapping of a key; an empty one if there is none.</summary>
    public BufYaml Section(string key) => _keys.TryGetValue(key, out var node) ? Map(node, key, _path) : None;

    /// <summary>The mappings of a list.</summary>
    public IReadOnlyList<BufYaml> Sections(string key) => !_keys.TryGetValue(key, out var node) ? []
        : node is YamlSequenceNode list ? [.. list.Select(each => Map(each, key, _path))]
        : throw Wrong(node, key, "a list", _path);

    /// <summary>A list of texts.</summary>
    public IReadOnlyList<string> List(string key) => _keys.TryGetValue(key, out var node) ? AsList(node, key) : [];

    /// <summary>Lists of texts by their keys, whatever the case of these.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Lists(string key) =>
        Section(key)._keys.ToDictionary(pair => pair.Key, pair => AsList(pair.Value, pair.Key), StringComparer.OrdinalIgnoreCase);

    /// <summary>A text; the default if there is none.</summary>
    public string Text(string key, string @default) => _keys.TryGetValue(key, out var node) ? AsText(node, key, _path) : @default;

    /// <summary>Looks whether there are only keys that are known.</summary>
    /// <exception cref="ToolException">There is another; the message lists near ones.</exception>
    public void CheckKeys(params IReadOnlyList<string> known)
    {
        if (_names.FirstOrDefault(name => !known.Contains(AsText(name, "a key", _path))) is { } other)
        {
            throw Unknown(other, "there is no key", known);
        }
    }

    /// <summary>Looks whether a text that is there is one of some.</summary>
    /// <exception cref="ToolException">It is another; the message lists them.</exception>
    public void CheckText(string key, IReadOnlyList<string> known)
    {
        if (!known.Contains(Text(key, "")))
        {
            throw Unknown(_keys[key], $"there is no {key}", known);
        }
    }

    private static BufYaml Map(YamlNode node, string what, string path) => node switch
    {
        YamlMappingNode map => new BufYaml(map.Children.ToDictionary(pair => AsText(pair.Key, what, path), pair => pair.Value), [.. map.Children.Select(pair => pair.Key)], path),
        YamlScalarNode { Value: null or "" } => new BufYaml([], [], path),
        _ => throw Wrong(node, what, "a mapping", path),
    };

    private IReadOnlyList<string> AsList(YamlNode node, string what) => node switch
    {
        YamlSequenceNode list => [.. list.Select(each => AsText(each, what, _path))],
        YamlScalarNode { Value: null or "" } => [],
        _ => throw Wrong(node, what, "a list", _path),
    };

    private static string AsText(YamlNode node, string what, string path) => node is YamlScalarNode { Value: { } text } ? text : throw Wrong(node, what, "a text", path);

    private ToolException Unknown(YamlNode node, string what, IReadOnlyList<string> known)
    {
        var text = AsText(node, what, _path);
        var near = NearNames.Of(text, known);
        return new(string.Create(CultureInfo.InvariantCulture, $"{_path}:{node.Start.Line}:{node.Start.Column}: {what} \"{text}\" here.")
            + (near.Count > 0 ? $" Did you mean {NearNames.Join(near)}?" : $" There are: {string.Join(", ", known)}."));
    }

    private static ToolException Wrong(YamlNode node, string what, string expected, string path) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{path}:{node.Start.Line}:{node.Start.Column}: {what} is not {expected}."));
}
