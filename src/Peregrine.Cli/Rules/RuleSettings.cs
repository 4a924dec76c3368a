// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Peregrine.Cli.Rules;

/// <summary>One section, <c>lint</c> or <c>breaking</c>, of a <c>buf.yaml</c>; names and meanings are buf's.</summary>
internal sealed class RuleSettings
{
    private readonly Dictionary<string, YamlNode> _keys;
    private readonly string _where;
    private readonly IReadOnlyList<string> _use;
    private readonly IReadOnlyList<string> _except;

    private RuleSettings(Dictionary<string, YamlNode> keys, string where, IReadOnlyList<string>? use = null, IReadOnlyList<string>? except = null)
    {
        _keys = keys;
        _where = where;
        _use = use ?? [];
        _except = except ?? [];
    }

    /// <summary>No settings.</summary>
    public static RuleSettings None { get; } = new([], "");

    /// <summary>Rules and categories that are wanted.</summary>
    public IReadOnlyList<string> Use => _use.Count > 0 ? _use : List("use");

    /// <summary>Rules and categories that are not.</summary>
    public IReadOnlyList<string> Except => [.. _use.Count > 0 ? [] : List("except"), .. _except];

    /// <summary>Whether comments may switch rules off.</summary>
    public bool AllowsCommentIgnores => true;

    /// <summary>Files and folders that nothing is said of.</summary>
    public IReadOnlyList<string> Ignore => List("ignore");

    /// <summary>Files and folders that some rules say nothing of, by the name of rule or category.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> IgnoreOnly =>
        _keys.TryGetValue("ignore_only", out var node)
            ? AsMap(node, "ignore_only").ToDictionary(pair => pair.Key, pair => AsList(pair.Value, pair.Key), StringComparer.OrdinalIgnoreCase)
            : new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Reads a section of a file.</summary>
    /// <exception cref="ToolException">The file cannot be read, is no YAML or nested too deep, or has something else where a section belongs.</exception>
    public static RuleSettings Read(string path, string section)
    {
        try
        {
            if (YamlText.Read(File.ReadAllText(path), path) is not { } document)
            {
                return None;
            }

            var root = new RuleSettings([], path).AsMap(document, "the file");
            return root.TryGetValue(section, out var node) ? new RuleSettings(new RuleSettings([], path).AsMap(node, section), path) : None;
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

    /// <summary>The same with what the command line says: what it uses takes the place of the file's choice, what it leaves out joins it.</summary>
    public RuleSettings With(IReadOnlyList<string> use, IReadOnlyList<string> except) => new(_keys, _where, use, except);

    /// <summary>A text; the default if there is none.</summary>
    public string Text(string key, string @default) => _keys.TryGetValue(key, out var node) ? AsText(node, key) : @default;

    /// <summary>Whether something is switched on.</summary>
    public bool IsOn(string key) => _keys.TryGetValue(key, out var node) && AsText(node, key) == "true";

    private IReadOnlyList<string> List(string key) => _keys.TryGetValue(key, out var node) ? AsList(node, key) : [];

    private Dictionary<string, YamlNode> AsMap(YamlNode node, string what) => node switch
    {
        YamlMappingNode map => map.Children.ToDictionary(pair => AsText(pair.Key, what), pair => pair.Value),
        YamlScalarNode { Value: null or "" } => [],
        _ => throw Wrong(node, what, "a mapping"),
    };

    private IReadOnlyList<string> AsList(YamlNode node, string what) => node switch
    {
        YamlSequenceNode list => [.. list.Select(each => AsText(each, what))],
        YamlScalarNode { Value: null or "" } => [],
        _ => throw Wrong(node, what, "a list"),
    };

    private string AsText(YamlNode node, string what) => node is YamlScalarNode { Value: { } text } ? text : throw Wrong(node, what, "a text");

    private ToolException Wrong(YamlNode node, string what, string expected) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{_where}:{node.Start.Line}:{node.Start.Column}: {what} is not {expected}."));
}
