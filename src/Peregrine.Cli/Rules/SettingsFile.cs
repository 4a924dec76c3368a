// SPDX-License-Identifier: Apache-2.0

using System.Collections.Generic;

namespace Peregrine.Cli.Rules;

/// <summary>Reads <c>buf.yaml</c> and <c>buf.work.yaml</c>: a key or version that buf does not know is refused, whether or not it means anything here.</summary>
internal static class SettingsFile
{
    private static readonly string[] Rules = ["use", "except", "ignore", "ignore_only", "disable_builtin"];
    private static readonly string[] Breaking = [.. Rules, "ignore_unstable_packages"];
    private static readonly string[] Lint =
    [
        .. Rules, "enum_zero_value_suffix", "rpc_allow_same_request_response", "rpc_allow_google_protobuf_empty_requests",
        "rpc_allow_google_protobuf_empty_responses", "service_suffix",
    ];

    /// <summary>Reads a <c>buf.yaml</c>.</summary>
    /// <exception cref="ToolException">It cannot be read, is no YAML, has a key that there is not, or no version that there is.</exception>
    public static BufYaml Read(string path)
    {
        var file = BufYaml.Read(path);
        switch (VersionOf(file, path, "v1beta1", "v1", "v2"))
        {
            case SettingsVersion.Second:
                file.CheckKeys("version", "name", "deps", "modules", "lint", "breaking", "plugins", "policies");
                foreach (var module in file.Sections("modules"))
                {
                    module.CheckKeys("path", "name", "includes", "excludes", "lint", "breaking");
                    CheckRules(module, "disallow_comment_ignores");
                }

                CheckRules(file, "disallow_comment_ignores");
                break;
            case var version:
                file.CheckKeys("version", "name", "deps", "build", "lint", "breaking");
                file.Section("build").CheckKeys(version == SettingsVersion.FirstBeta ? ["roots", "excludes"] : ["excludes"]);
                CheckRules(file, "allow_comment_ignores");
                break;
        }

        return file;
    }

    /// <summary>Reads a <c>buf.work.yaml</c>.</summary>
    /// <exception cref="ToolException">It cannot be read, is no YAML, has a key that there is not, or no version that there is.</exception>
    public static BufYaml ReadWorkspace(string path)
    {
        var file = BufYaml.Read(path);
        _ = VersionOf(file, path, "v1");
        file.CheckKeys("version", "directories");
        return file;
    }

    /// <summary>The version of a file that was read.</summary>
    public static SettingsVersion VersionOf(BufYaml file) => file.Text("version", "") switch
    {
        "v1beta1" => SettingsVersion.FirstBeta,
        "v1" => SettingsVersion.First,
        _ => SettingsVersion.Second,
    };

    private static SettingsVersion VersionOf(BufYaml file, string path, params IReadOnlyList<string> known)
    {
        if (!file.Has("version"))
        {
            throw new ToolException($"{path}: \"version\" is not set. Add \"version: {known[^1]}\".");
        }

        file.CheckText("version", known);
        return VersionOf(file);
    }

    private static void CheckRules(BufYaml file, string comments)
    {
        file.Section("lint").CheckKeys([.. Lint, comments]);
        file.Section("breaking").CheckKeys(Breaking);
    }
}
