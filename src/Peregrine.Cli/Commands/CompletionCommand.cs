// SPDX-License-Identifier: Apache-2.0

using System.CommandLine;

namespace Peregrine.Cli.Commands;

/// <summary><c>peregrine completion</c>: the script with which a shell completes command lines of the tool.</summary>
internal sealed class CompletionCommand : ToolCommand
{
    // Each asks the tool itself ("peregrine complete WORDS"), so that a script does not get old.
    private const string Bash = """
        _peregrine() {
          local IFS=$'\n'
          COMPREPLY=($(peregrine complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
          [[ ${#COMPREPLY[@]} -ne 1 || ${COMPREPLY[0]} != */ ]] || compopt -o nospace
        }
        complete -o default -F _peregrine peregrine
        """;

    private const string Zsh = """
        #compdef peregrine
        _peregrine() {
          local -a found
          found=(${(f)"$(peregrine complete "${(@)words[2,CURRENT]}" 2>/dev/null)"})
          if (( ${#found} )); then compadd -a found; else _files; fi
        }
        compdef _peregrine peregrine
        """;

    private const string Fish = """
        complete -c peregrine -a '(peregrine complete (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null)'
        """;

    private const string PowerShell = """
        Register-ArgumentCompleter -Native -CommandName peregrine -ScriptBlock {
          param($word, $ast, $position)
          $words = @($ast.CommandElements | Select-Object -Skip 1 | ForEach-Object { "$_" })
          if ($word -eq '') { $words += '' }
          peregrine complete @words 2>$null | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
        }
        """;

    private readonly Argument<string> _shell = new Argument<string>("SHELL") { Description = "bash, zsh, fish or powershell." }.AcceptOnlyFromAmong("bash", "zsh", "fish", "powershell");

    /// <summary>Makes it.</summary>
    public CompletionCommand(Terminal terminal)
        : base("completion", "Print the script that makes a shell complete commands, options, services and methods.")
    {
        Add(_shell);
        Examples =
        [
            "source <(peregrine completion bash)",
            "peregrine completion zsh > ~/.zfunc/_peregrine",
            "peregrine completion fish > ~/.config/fish/completions/peregrine.fish",
            "peregrine completion powershell | Out-String | Invoke-Expression",
        ];
        SetAction(result => terminal.Output.WriteLine(result.GetValue(_shell) switch
        {
            "bash" => Bash,
            "zsh" => Zsh,
            "fish" => Fish,
            _ => PowerShell,
        }));
    }
}
