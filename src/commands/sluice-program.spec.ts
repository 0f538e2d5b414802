import type { Command } from 'commander';
import { describe, expect, it } from '@jest/globals';
import { EXAMPLES } from '../clients/cli/examples.js';
import { createSluiceProgram } from './sluice-program.js';

const program = createSluiceProgram({
  environment: {},
  out: process.stdout,
  signal: new AbortController().signal,
  ended: () => undefined,
});

function helpOf(command: Command): string {
  let help = '';
  command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
  return help;
}

function allCommands(command: Command, words: readonly string[] = []): [string, Command][] {
  const below = command.createHelp().visibleCommands(command);
  return [
    [words.join(' '), command],
    ...below
      .filter((each) => each.name() !== 'help')
      .flatMap((each) => allCommands(each, [...words, each.name()])),
  ];
}

const COMMANDS = allCommands(program);

describe('The help of sluice', () => {
  it.each(COMMANDS)('has an example for "%s"', (words, command) => {
    const [, examples = ''] = helpOf(command).split('\nExamples:\n');
    expect(examples).toMatch(new RegExp(`sluice ${words.replace(/ list$/, '( list)?')}`)); // list may be left out
  });

  it('has examples only of commands and options that exist', () => {
    const lines = Object.values(EXAMPLES).flat();
    const known = new Set(COMMANDS.map(([words]) => words));
    const wrong = lines.filter((line) => {
      const [, call = ''] = /sluice (?!\()([^|>;)]*)/.exec(line) ?? [];
      const words = call.trim().split(/\s+/);
      const path = known.has(words.slice(0, 2).join(' ')) ? words.slice(0, 2).join(' ') : (words[0] ?? '');
      const command = COMMANDS.find(([name]) => name === path)?.[1];
      const options = [command, ...(command?.commands ?? []), program].flatMap((each) => each?.options ?? []);
      const flags = words.filter((word) => /^--?[a-z]/.test(word));
      return (
        command === undefined ||
        !flags.every((flag) => options.some((option) => option.short === flag || option.long === flag))
      );
    });
    expect(wrong).toEqual([]);
  });

  it('names no example of a command that does not exist', () => {
    const names = COMMANDS.map(([words]) => words);
    expect(Object.keys(EXAMPLES).filter((name) => !names.includes(name))).toEqual([]);
  });
});
