// SPDX-License-Identifier: Apache-2.0

using System.Collections.Generic;

namespace Peregrine.Cli.Rules;

/// <summary>One section, <c>lint</c> or <c>breaking</c>, of a <c>buf.yaml</c>; names and meanings are buf's.</summary>
internal sealed class RuleSettings
{
    private readonly BufYaml _section;
    private readonly IReadOnlyList<string> _use;
    private readonly IReadOnlyList<string> _except;

    /// <summary>Makes them.</summary>
    /// <param name="section">The section.</param>
    /// <param name="version">The version of the file.</param>
    /// <param name="folder">What paths are relative to.</param>
    public RuleSettings(BufYaml section, SettingsVersion version, string folder)
        : this(section, version, folder, [], [])
    {
    }

    private RuleSettings(BufYaml section, SettingsVersion version, string folder, IReadOnlyList<string> use, IReadOnlyList<string> except)
    {
        _section = section;
        Version = version;
        Folder = folder;
        _use = use;
        _except = except;
    }

    /// <summary>No settings.</summary>
    public static RuleSettings None { get; } = new(BufYaml.None, SettingsVersion.Second, ".");

    /// <summary>Whose categories and defaults are meant.</summary>
    public SettingsVersion Version { get; }

    /// <summary>What paths are relative to; they may also be as files are imported.</summary>
    public string Folder { get; }

    /// <summary>Rules and categories that are wanted.</summary>
    public IReadOnlyList<string> Use => _use.Count > 0 ? _use : _section.List("use");

    /// <summary>Rules and categories that are not.</summary>
    public IReadOnlyList<string> Except => [.. _use.Count > 0 ? [] : _section.List("except"), .. _except];

    /// <summary>Whether comments may switch rules off.</summary>
    public bool AllowsCommentIgnores => Version == SettingsVersion.Second ? !IsOn("disallow_comment_ignores") : IsOn("allow_comment_ignores");

    /// <summary>Files and folders that nothing is said of.</summary>
    public IReadOnlyList<string> Ignore => _section.List("ignore");

    /// <summary>Files and folders that some rules say nothing of, by the name of rule or category.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> IgnoreOnly => _section.Lists("ignore_only");

    /// <summary>The same with what the command line says: what it uses takes the place of the file's choice, what it leaves out joins it.</summary>
    public RuleSettings With(IReadOnlyList<string> use, IReadOnlyList<string> except) => new(_section, Version, Folder, use, except);

    /// <summary>A text; the default if there is none.</summary>
    public string Text(string key, string @default) => _section.Text(key, @default);

    /// <summary>Whether something is switched on.</summary>
    public bool IsOn(string key) => _section.Text(key, "") == "true";
}
