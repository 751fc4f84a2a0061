namespace Stratiform.Cli.Completions;

/// <summary>The few lines that make a shell ask strat itself what may come next: every word so far, the unfinished one last.</summary>
internal static class ShellScripts
{
    public const string Bash =
        """
        # strat completion bash: eval "$(strat completion bash)"
        _strat() {
            local IFS=$'\n'
            # Colons and equals signs are part of a word to strat, not to bash.
            local line=${COMP_LINE:0:COMP_POINT} words
            read -ra words -d '' <<<"${line// /$'\n'}"
            [[ $line == *' ' ]] && words+=('')
            local current=${COMP_WORDS[COMP_CWORD]}
            mapfile -t COMPREPLY < <(strat __complete -- "${words[@]:1}" 2>/dev/null)
            local whole=${words[-1]} cut
            cut=${whole%"$current"}
            [[ $current == '=' ]] && cut=$whole
            COMPREPLY=("${COMPREPLY[@]#"$cut"}")
            [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *= ]] && compopt -o nospace
        }
        complete -o default -F _strat strat
        """;

    public const string Zsh =
        """
        #compdef strat
        # strat completion zsh: eval "$(strat completion zsh)"
        _strat() {
            local -a answers
            answers=("${(@f)$(strat __complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
            compadd -S ' ' -- ${(M)answers:#*[^=]}
            compadd -S '' -- ${(M)answers:#*=}
        }
        compdef _strat strat
        """;

    public const string Fish =
        """
        # strat completion fish: strat completion fish | source
        function __strat_complete
            set -l words (commandline -opc) (commandline -ct)
            strat __complete -- $words[2..-1] 2>/dev/null
        end
        complete -c strat -f -a '(__strat_complete)'
        """;
}
