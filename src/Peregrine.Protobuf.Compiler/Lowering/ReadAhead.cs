// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Peregrine.Protobuf.Compiler.Diagnostics;
using Peregrine.Protobuf.Compiler.Sources;
using Peregrine.Protobuf.Compiler.Symbols;
using Peregrine.Protobuf.Compiler.Syntax.Nodes;

namespace Peregrine.Protobuf.Compiler.Lowering;

/// <summary>
/// Reads and parses files on other threads before the loader asks for them. Nothing depends on how far the others are: a file that
/// nobody has begun with is read by the thread that asks.
/// </summary>
internal sealed class ReadAhead : IDisposable
{
    // Most compilations have no more files than this; a second thread would start when they are done.
    private const int FilesBeforeThreads = 16;

    // What is read and not yet taken: text, tokens and tree of a file take some thirty times its size, so this is ten megabytes.
    private const int MaxBytesAhead = 1 << 18;

    private readonly ImportResolver _resolver;
    private readonly int _threads;
    private readonly ConcurrentDictionary<string, Lazy<Parsed?>> _files = new(StringComparer.Ordinal);

    // The order in which the loader will ask, the next on top. Guarded by itself, as is the count of bytes.
    private readonly Stack<string> _expected = new();
    private readonly List<Task> _tasks = [];
    private long _bytesAhead;
    private int _taken;
    private bool _stopped;

    /// <summary>Prepares to read.</summary>
    /// <param name="resolver">Where files are found; it must not change any more.</param>
    /// <param name="threads">How many threads may read beside the one that asks.</param>
    /// <param name="roots">The files that will be asked for first.</param>
    public ReadAhead(ImportResolver resolver, int threads, IReadOnlyList<string> roots)
    {
        _resolver = resolver;
        _threads = threads;
        for (int i = roots.Count - 1; i >= 0; i--)
        {
            _expected.Push(roots[i]);
        }
    }

    /// <summary>The file, parsed; null if it cannot be found or read. It is asked for once.</summary>
    public FileSymbol? Take(string path)
    {
        Lazy<Parsed?> mine = new(() => Read(path));
        Lazy<Parsed?> reading = _files.GetOrAdd(path, mine);
        Parsed? parsed = reading.Value;
        if (parsed is not null && !ReferenceEquals(reading, mine))
        {
            lock (_expected)
            {
                _bytesAhead -= parsed.Length;
                Monitor.PulseAll(_expected);
            }
        }

        if (++_taken == FilesBeforeThreads)
        {
            for (int i = 0; i < _threads; i++)
            {
                _tasks.Add(Task.Run(Work));
            }
        }

        return parsed?.File;
    }

    public void Dispose()
    {
        lock (_expected)
        {
            _stopped = true;
            Monitor.PulseAll(_expected);
        }

        Task.WaitAll(_tasks);
    }

    private void Work()
    {
        while (TryNext(out string path))
        {
            Lazy<Parsed?> reading = new(() => Read(path));
            if (!_files.TryAdd(path, reading) || reading.Value is not { } parsed)
            {
                continue;
            }

            // The file itself may be taken, lowered and released by now.
            lock (_expected)
            {
                _bytesAhead += parsed.Length;
                for (int i = parsed.Imports.Count - 1; i >= 0; i--)
                {
                    _expected.Push(parsed.Imports[i]);
                }
            }
        }
    }

    private bool TryNext(out string path)
    {
        lock (_expected)
        {
            while (!_stopped && _bytesAhead > MaxBytesAhead)
            {
                Monitor.Wait(_expected);
            }

            path = "";
            return !_stopped && _expected.TryPop(out path!);
        }
    }

    private Parsed? Read(string path)
    {
        // Where it was looked for is found out again, in the rare case that somebody wants to know.
        if (_resolver.Find(path, [], out _) is not { } source)
        {
            return null;
        }

        FileSymbol file = Compilation.Read(source, new DiagnosticBag(source, source.Path));
        List<string> imports = [];
        foreach (SyntaxNode member in file.Tree.Root.Members)
        {
            if (member is ImportSyntax import)
            {
                imports.Add(import.Path);
            }
        }

        return new Parsed(file, source.Bytes.Length, imports);
    }

    private sealed record Parsed(FileSymbol File, int Length, List<string> Imports);
}
