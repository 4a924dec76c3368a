// SPDX-License-Identifier: Apache-2.0

using System.Text;

namespace Peregrine.Cli.Tests;

/// <summary>Collects what a command prints, and tells when a text has come. Safe for several threads.</summary>
internal sealed class WatchedWriter : TextWriter
{
    private readonly StringBuilder _text = new();
    private readonly List<(string Text, TaskCompletionSource Came)> _waits = [];

    public WatchedWriter() => CoreNewLine = ['\n'];

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => Write(value.ToString());

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(string? value)
    {
        lock (_text)
        {
            _ = _text.Append(value);
            var all = _text.ToString();
            foreach (var wait in _waits.FindAll(wait => all.Contains(wait.Text)))
            {
                _ = wait.Came.TrySetResult();
                _waits.Remove(wait);
            }
        }
    }

    /// <summary>Is done when a text has been printed.</summary>
    public Task ContainsAsync(string text)
    {
        lock (_text)
        {
            if (_text.ToString().Contains(text))
            {
                return Task.CompletedTask;
            }

            var came = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waits.Add((text, came));
            return came.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }

    public void Clear()
    {
        lock (_text)
        {
            _ = _text.Clear();
        }
    }

    public override string ToString()
    {
        lock (_text)
        {
            return _text.ToString();
        }
    }
}
