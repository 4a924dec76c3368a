// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using Peregrine.Protobuf.Compiler.Sources;

namespace Peregrine.Protobuf.Compiler.Diagnostics;

/// <summary>Collects what the passes have to say about one file. The messages themselves stand in one file a phase.</summary>
internal sealed class DiagnosticBag(SourceFile? source, string path)
{
    // A file of hostile input must not produce more text than it has; nobody reads the two hundredth error.
    private const int Limit = 200;

    // Nor more of one error: a name of a megabyte is not read, and it would be repeated in every error about what it contains.
    private const int MaxTextLength = 4000;

    private readonly List<Diagnostic> _diagnostics = [];
    private readonly List<int> _order = [];
    private readonly List<DiagnosticPhase> _phases = [];
    private readonly List<bool> _isMoved = [];
    private int _sorted;

    public IReadOnlyList<Diagnostic> Diagnostics => _diagnostics;

    public SourceFile? Source => source;

    /// <summary>To what phase that belongs which is reported now without saying so.</summary>
    public DiagnosticPhase Phase { get; set; }

    /// <summary>
    /// Where errors sort, if not at their own place: at the start of the token that the lexer is reading, since the parser sees it only
    /// when it is complete; or at the token with which the parser finds something out about earlier ones.
    /// </summary>
    public int? TokenStart { get; set; }

    /// <summary>Whether what is added now is only counted: then nothing need be found out for its text.</summary>
    public bool IsFull => _diagnostics.Count >= Limit - Reserved;

    /// <summary>How much room is left for what others will have to say about earlier places: the lexer runs ahead of the parser.</summary>
    public int Reserved { get; set; }

    public int ErrorCount { get; private set; }

    public bool HasErrors => ErrorCount > 0;

    /// <summary>Moves what was not yet handed over to a list, phase by phase.</summary>
    /// <param name="target">The list.</param>
    /// <param name="last">The last phase that is moved; what belongs to later ones stays.</param>
    public void MoveTo(List<Diagnostic> target, DiagnosticPhase last = DiagnosticPhase.Roots)
    {
        for (DiagnosticPhase phase = DiagnosticPhase.Syntax; phase <= last; phase++)
        {
            for (int i = 0; i < _diagnostics.Count; i++)
            {
                if (_phases[i] == phase && !_isMoved[i])
                {
                    _isMoved[i] = true;
                    target.Add(_diagnostics[i]);
                }
            }
        }
    }

    public void Error(string id, SourceSpan? span, string message, string? hint = null, DiagnosticPhase? phase = null)
    {
        ErrorCount++;
        Add(DiagnosticSeverity.Error, id, span, message, hint, phase);
    }

    public void Warning(string id, SourceSpan? span, string message, string? hint = null, DiagnosticPhase? phase = null) =>
        Add(DiagnosticSeverity.Warning, id, span, message, hint, phase);

    /// <summary>Puts what was reported since the last call in the order of the source text: the lexer runs ahead of the parser.</summary>
    public void SortPhase()
    {
        List<(int Start, int Order, Diagnostic Diagnostic, DiagnosticPhase Phase)> keyed = new(_diagnostics.Count - _sorted);
        for (int i = _sorted; i < _diagnostics.Count; i++)
        {
            keyed.Add((_order[i], i, _diagnostics[i], _phases[i]));
        }

        keyed.Sort((a, b) => a.Start != b.Start ? a.Start.CompareTo(b.Start) : a.Order.CompareTo(b.Order));
        for (int i = 0; i < keyed.Count; i++)
        {
            _diagnostics[_sorted + i] = keyed[i].Diagnostic;
            _order[_sorted + i] = keyed[i].Start;
            _phases[_sorted + i] = keyed[i].Phase;
        }

        _sorted = _diagnostics.Count;
    }

    private void Add(DiagnosticSeverity severity, string id, SourceSpan? span, string message, string? hint, DiagnosticPhase? phase)
    {
        if (!IsFull)
        {
            _order.Add(TokenStart ?? span?.Start ?? 0);
            _phases.Add(phase ?? Phase);
            _isMoved.Add(false);
            _diagnostics.Add(new Diagnostic(severity, id, path, source, span, Shorten(message), hint is null ? null : Shorten(hint)));
        }
    }

    private static string Shorten(string text) =>
        text.Length <= MaxTextLength ? text : string.Concat(text.AsSpan(0, MaxTextLength / 2), " ... ", text.AsSpan(text.Length - (MaxTextLength / 2)));
}
