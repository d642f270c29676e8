// SPDX-License-Identifier: Apache-2.0

/// `completion`: scripts that teach a shell the commands.
enum CompletionScript {
  static let command = Command(
    verb: "completion",
    summary: "Print a script that teaches a shell to complete the commands",
    details: [
      "The scripts ask binnacle itself what may come next, so they stay right after an update. Besides commands and "
        + "flags that is the names of backups, contexts, namespaces, resources, labels and storage locations, as the store and the cluster "
        + "have them at the moment. What does not come within two seconds is not offered, and no credential plugin gets to "
        + "ask anything."
    ],
    operands: .one("bash|zsh|fish", .words(["bash", "zsh", "fish"])),
    examples: [
      Example(
        explanation: "bash, for this session",
        commandLine: "source <(binnacle completion bash)"
      ),
      Example(
        explanation: "zsh, for good; the directory has to be in $fpath",
        commandLine: "binnacle completion zsh > ~/.zfunc/_binnacle"
      ),
      Example(
        explanation: "fish, for good",
        commandLine: "binnacle completion fish > ~/.config/fish/completions/binnacle.fish"
      ),
    ],
    run: run
  )

  private static func run(_ context: CommandContext) async throws -> ExitCode {
    let shell = context.arguments.words[0]
    switch shell {
    case "bash": try await context.output.write(bash)
    case "zsh": try await context.output.write(zsh)
    case "fish": try await context.output.write(fish)
    default:
      throw UsageError(
        "there is no completion for the shell '\(shell)'",
        hint: "there is one for bash, zsh and fish"
      )
    }
    return .done
  }

  /// bash breaks words at `=` and `:`; they are joined again before binnacle is asked.
  static let bash = #"""
    # Completion of binnacle for bash; load it with: source <(binnacle completion bash)

    _binnacle() {
      local -a words=()
      local index word joined current value
      for ((index = 1; index <= COMP_CWORD; index++)); do
        word=${COMP_WORDS[index]}
        if ((${#words[@]} > 0)) && [[ $word == [=:] || ${COMP_WORDS[index - 1]} == [=:] ]]; then
          words[${#words[@]} - 1]+=$word
        else
          words+=("$word")
        fi
      done
      joined=${words[${#words[@]} - 1]}
      current=${COMP_WORDS[COMP_CWORD]}
      [[ $current == [=:] ]] && current=
      COMPREPLY=()
      while IFS=$'\t' read -r value _; do
        case $value in
          :files)
            compopt -o filenames 2>/dev/null
            while IFS= read -r value; do COMPREPLY+=("$value"); done < <(compgen -f -- "$current")
            ;;
          :directories)
            compopt -o filenames 2>/dev/null
            while IFS= read -r value; do COMPREPLY+=("$value"); done < <(compgen -d -- "$current")
            ;;
          *)
            COMPREPLY+=("${value#"${joined%"$current"}"}")
            ;;
        esac
      done < <("${COMP_WORDS[0]}" __complete -- "${words[@]}" 2>/dev/null </dev/null)
      # What ends with '=' or '/' goes on.
      [[ ${COMPREPLY[0]-} != *[=/] ]] || compopt -o nospace 2>/dev/null
    }

    complete -F _binnacle binnacle

    """#

  static let zsh = #"""
    #compdef binnacle
    # Completion of binnacle for zsh; put it into a directory of $fpath as _binnacle.

    _binnacle() {
      local -a candidates arguments ending
      local value summary
      arguments=("${(@)words[2,CURRENT]}")
      while IFS=$'\t' read -r value summary; do
        case $value in
          :files) [[ $PREFIX == --*=* ]] && compset -P '*='; _files; return ;;
          :directories) [[ $PREFIX == --*=* ]] && compset -P '*='; _files -/; return ;;
          # What ends with '=' or '/' goes on.
          *[=/]) ending=(-S '') ;|
          *) candidates+=("${value//:/\\:}${summary:+:$summary}") ;;
        esac
      done < <("${words[1]}" __complete -- "${arguments[@]}" 2>/dev/null </dev/null)
      _describe -V binnacle candidates "${ending[@]}"
    }

    if [[ $funcstack[1] == _binnacle ]]; then
      _binnacle "$@"
    else
      compdef _binnacle binnacle
    fi

    """#

  static let fish = #"""
    # Completion of binnacle for fish; put it into ~/.config/fish/completions/binnacle.fish

    function __binnacle_complete
      set -l words (commandline -opc) (commandline -ct)
      set -l answer ($words[1] __complete -- $words[2..-1] 2>/dev/null </dev/null)
      set -l lead (string match -r '^--[^=]*=' -- (commandline -ct))
      set -l rest (string replace -r '^--[^=]*=' '' -- (commandline -ct))
      switch "$answer[1]"
        case ':files'
          printf "$lead%s\n" (__fish_complete_path $rest)
        case ':directories'
          printf "$lead%s\n" (__fish_complete_directories $rest)
        case '*'
          printf '%s\n' $answer
      end
    end

    complete -c binnacle -f -a '(__binnacle_complete)'

    """#
}
