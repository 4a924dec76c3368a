// SPDX-License-Identifier: Apache-2.0

using System;
using System.Collections.Generic;
using Peregrine.Cli.Schema;

namespace Peregrine.Cli.Mock;

/// <summary>What a mock server serves, where and how.</summary>
internal sealed record ServeSettings
{
    /// <summary>Where it listens.</summary>
    public required IReadOnlyList<string> Addresses { get; init; }

    /// <summary>Reads the schema.</summary>
    public required Func<LocalSchema> OpenSchema { get; init; }

    /// <summary>The files and folders that the user named for the schema.</summary>
    public required IReadOnlyList<string> SchemaPaths { get; init; }

    /// <summary>The folders where imports are looked up now.</summary>
    public Func<IReadOnlyList<string>> ImportFolders { get; init; } = () => [];

    /// <summary>Plaintext, or TLS.</summary>
    public required ServerCredentials Credentials { get; init; }

    /// <summary>The file of answers; null for none.</summary>
    public string? AnswersPath { get; init; }

    /// <summary>Whether calls without rule get their requests back.</summary>
    public bool Echoes { get; init; }

    /// <summary>Whether changes of the files are followed.</summary>
    public bool Watches { get; init; }

    /// <summary>Begins the sequence of chance; null for another each time.</summary>
    public int? Seed { get; init; }

    /// <summary>The largest request, in bytes; null for no limit.</summary>
    public int? MaxMessageSize { get; init; }

    /// <summary>How long running calls may go on at the end.</summary>
    public TimeSpan Drain { get; init; }

    /// <summary>Whether output is JSON lines for scripts.</summary>
    public bool Json { get; init; }

    /// <summary>Whether there is no line for each call.</summary>
    public bool IsQuiet { get; init; }

    /// <summary>Whether metadata and messages are shown, too.</summary>
    public bool Verbose { get; init; }
}
