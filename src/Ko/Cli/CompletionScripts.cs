using System.Globalization;
using System.Text;

namespace Sluice.Ko.Cli;

/// <summary>Completion of the first two words after <c>kubectl-ko</c>.</summary>
internal static class CompletionScripts
{
    /// <param name="words">The subcommands, and what may follow each.</param>
    public static string Of(string shell, IReadOnlyList<(string Command, string Description, IReadOnlyList<string> Next)> words) => shell switch
    {
        "zsh" => Zsh(words),
        "fish" => Fish(words),
        _ => Bash(words),
    };

    private static string Bash(IReadOnlyList<(string Command, string Description, IReadOnlyList<string> Next)> words)
    {
        var text = new StringBuilder("_kubectl_ko() {\n  local next=\n  if [ \"$COMP_CWORD\" -eq 1 ]; then\n");
        text.Append(CultureInfo.InvariantCulture, $"    next='{string.Join(' ', words.Select(word => word.Command))}'\n");
        text.Append("  elif [ \"$COMP_CWORD\" -eq 2 ]; then\n    case ${COMP_WORDS[1]} in\n");
        foreach (var (command, _, next) in words.Where(word => word.Next.Count > 0))
            text.Append(CultureInfo.InvariantCulture, $"      {command}) next='{string.Join(' ', next)}' ;;\n");
        return text.Append("    esac\n  fi\n  COMPREPLY=($(compgen -W \"$next\" -- \"${COMP_WORDS[COMP_CWORD]}\"))\n}\ncomplete -o default -F _kubectl_ko kubectl-ko\n").ToString();
    }

    private static string Zsh(IReadOnlyList<(string Command, string Description, IReadOnlyList<string> Next)> words)
    {
        var text = new StringBuilder("#compdef kubectl-ko\n_kubectl_ko() {\n  if (( CURRENT == 2 )); then\n    local -a commands=(\n");
        foreach (var (command, description, _) in words)
            text.Append(CultureInfo.InvariantCulture, $"      '{command}:{description.Replace("'", "'\\''", StringComparison.Ordinal)}'\n");
        text.Append("    )\n    _describe command commands\n  elif (( CURRENT == 3 )); then\n    case $words[2] in\n");
        foreach (var (command, _, next) in words.Where(word => word.Next.Count > 0))
            text.Append(CultureInfo.InvariantCulture, $"      {command}) compadd {string.Join(' ', next)} ;;\n");
        return text.Append("    esac\n  fi\n}\ncompdef _kubectl_ko kubectl-ko\n").ToString();
    }

    private static string Fish(IReadOnlyList<(string Command, string Description, IReadOnlyList<string> Next)> words)
    {
        var text = new StringBuilder("complete -c kubectl-ko -f\n");
        foreach (var (command, description, next) in words)
        {
            text.Append(CultureInfo.InvariantCulture, $"complete -c kubectl-ko -n __fish_use_subcommand -a {command} -d '{description.Replace("'", "\\'", StringComparison.Ordinal)}'\n");
            if (next.Count > 0)
                text.Append(CultureInfo.InvariantCulture, $"complete -c kubectl-ko -n '__fish_seen_subcommand_from {command}' -a '{string.Join(' ', next)}'\n");
        }
        return text.ToString();
    }
}
