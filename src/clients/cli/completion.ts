import type { Command, Option } from 'commander';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** Scripts that ask `sluice complete` for the words that may come next, so that they fit every release. */
const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `_sluice() {
  local IFS=$'\\n'
  COMPREPLY=($(sluice complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _sluice sluice
`,
  zsh: `#compdef sluice
_sluice() {
  local -a words_found
  words_found=("\${(@f)$(sluice complete -- "\${(@)words[2,$CURRENT]}" 2>/dev/null)}")
  if [[ -n "$words_found" ]]; then compadd -a words_found; else _files; fi
}
compdef _sluice sluice
`,
  fish: `function __sluice_complete
  sluice complete -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null
end
complete -c sluice -a '(__sluice_complete)'
`,
};

/** Adds `completion`, which prints a script for a shell, and the hidden `complete`, which that script calls. */
export function addCompletionCommands(program: Command, out: NodeJS.WriteStream): void {
  const completion = program
    .command('completion')
    .description('print a script that completes commands in a shell');
  for (const shell of SHELLS) {
    completion
      .command(shell)
      .description(`for ${shell}`)
      .action(() => {
        out.write(SCRIPTS[shell]);
      });
  }
  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .action((words: string[]) => {
      const found = complete(program, words);
      out.write(found.map((word) => `${word}\n`).join(''));
    });
}

/**
 * Returns the words that the last of `words`, which may be empty, can become: commands, options, or the values of an
 * option. None where any text may stand, such as a file.
 */
export function complete(program: Command, words: readonly string[]): string[] {
  const before = words.slice(0, -1);
  const last = words.at(-1) ?? '';
  let command = program;
  let optionBefore: Option | undefined;
  for (const word of before) {
    const option = findOption(program, command, word);
    if (optionBefore !== undefined) {
      optionBefore = undefined; // the word is its value
    } else if (option !== undefined) {
      optionBefore = option.required || option.optional ? option : undefined;
    } else {
      command = command.commands.find((each) => each.name() === word) ?? command;
    }
  }
  const candidates =
    optionBefore !== undefined
      ? (optionBefore.argChoices ?? [])
      : last.startsWith('-')
        ? optionsOf(program, command).flatMap(({ long }) => long ?? [])
        : command
            .createHelp()
            .visibleCommands(command)
            .map((each) => each.name());
  return candidates.filter((word) => word.startsWith(last));
}

function findOption(program: Command, command: Command, word: string): Option | undefined {
  return optionsOf(program, command).find(
    ({ short, long }) => word !== '' && (word === short || word === long),
  );
}

function optionsOf(program: Command, command: Command): readonly Option[] {
  const own = command.createHelp().visibleOptions(command);
  return command === program ? own : [...own, ...program.options];
}
