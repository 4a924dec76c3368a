// SPDX-License-Identifier: Apache-2.0

namespace Peregrine.Cli.Rules;

/// <summary>The version of a <c>buf.yaml</c>: what its categories hold, and how its folders are named.</summary>
internal enum SettingsVersion
{
    /// <summary><c>v1beta1</c>: other categories; import roots are listed.</summary>
    FirstBeta,

    /// <summary><c>v1</c>: comments must be allowed to switch rules off.</summary>
    First,

    /// <summary><c>v2</c>: may list modules.</summary>
    Second,
}
