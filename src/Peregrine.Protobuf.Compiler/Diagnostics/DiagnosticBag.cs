// SPDX-License-Identifier: Apache-2.0
using System.Collections.Generic;
using Peregrine.Protobuf.Compiler.Sources;

namespace Peregrine.Protobuf.Compiler.Diagnostics;

/// <summary>Collects what the passes have to say about one file. The messages themselves stand in one file a phase.</summary>
internal sealed class DiagnosticBag(SourceFile? source, string path)
{
    // A file of hostile input must not produce more text than it has; nobody reads the two hundredth error.
    private const int Limit = 200;

    private readonly List<Diagnostic> _diagnostics = [];
    private readonly List<int> _order = [];
    private int _sorted;
    private int _moved;

    public IReadOnlyList<Diagnostic> Diagnostics => _diagnostics;

    public SourceFile? Source => source;

    /// <summary>Where the lexer's present token starts: its errors sort there. The parser sees the token only when it is complete.</summary>
    public int? TokenStart { get; set; }

    /// <summary>Whether what is added now is only counted: then nothing need be found out for its text.</summary>
    public bool IsFull => _diagnostics.Count >= Limit;

    public int ErrorCount { get; private set; }

    public bool HasErrors => ErrorCount > 0;

    /// <summary>Moves what was not yet handed over to a list.</summary>
    public void MoveTo(List<Diagnostic> target)
    {
        target.AddRange(_diagnostics.GetRange(_moved, _diagnostics.Count - _moved));
        _moved = _diagnostics.Count;
    }

    public void Error(string id, SourceSpan? span, string message, string? hint = null)
    {
        ErrorCount++;
        Add(DiagnosticSeverity.Error, id, span, message, hint);
    }

    public void Warning(string id, SourceSpan? span, string message, string? hint = null) =>
        Add(DiagnosticSeverity.Warning, id, span, message, hint);

    /// <summary>Puts what was reported since the last call in the order of the source text: the lexer runs ahead of the parser.</summary>
    public void SortPhase()
    {
        List<Diagnostic> phase = _diagnostics.GetRange(_sorted, _diagnostics.Count - _sorted);
        List<(int Start, int Order, Diagnostic Diagnostic)> keyed = new(phase.Count);
        for (int i = 0; i < phase.Count; i++)
        {
            keyed.Add((_order[_sorted + i], i, phase[i]));
        }

        keyed.Sort((a, b) => a.Start != b.Start ? a.Start.CompareTo(b.Start) : a.Order.CompareTo(b.Order));
        for (int i = 0; i < keyed.Count; i++)
        {
            _diagnostics[_sorted + i] = keyed[i].Diagnostic;
            _order[_sorted + i] = keyed[i].Start;
        }

        _sorted = _diagnostics.Count;
    }

    private void Add(DiagnosticSeverity severity, string id, SourceSpan? span, string message, string? hint)
    {
        if (!IsFull)
        {
            _order.Add(TokenStart ?? span?.Start ?? 0);
            _diagnostics.Add(new Diagnostic(severity, id, path, source, span, message, hint));
        }
    }
}
