import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { inRoot } from '../../../scripts/lib/paths.mjs';
import type { CliContext } from '../../../src/cli/cli-context.ts';
import { buildProgram, leaves } from '../../../src/cli/program.ts';
import { Terminal } from '../../../src/cli/terminal.ts';

const stream = { write: () => true };
const context: CliContext = {
  terminal: new Terminal({ stdout: stream, stderr: stream, stdin: process.stdin, env: {} }), cwd: '.', env: {}, version: '0.0.0',
  distDirectory: pathToFileURL(`${inRoot('dist')}/`), exit: () => undefined,
};
const program = await buildProgram(context);
const page = readFileSync(inRoot('docs', 'cli.md'), 'utf8');
/** The words inside of backquotes, each beginning of them too: "runs list" of `runs list --json`. */
const named = [...page.matchAll(/`([^`\n]+)`/g)].map(([, text]) => `${text!.replaceAll('\\|', '|')} `);

const pathOf = (command: Command): string => (command.parent?.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name());

describe('docs/cli.md', () => {
  it.each(leaves(program).map((command) => [pathOf(command)]))('tells of "%s"', (path) => {
    expect(named.some((text) => text.startsWith(`${path} `))).toBe(true);
  });

  it('tells of every flag', () => {
    const flags = new Set(leaves(program).flatMap(({ options }) => options.filter(({ hidden }) => !hidden).map(({ long, short }) => long ?? short!)));
    expect([...flags].filter((flag) => !named.some((text) => new RegExp(`(^|[ |])${flag}[ |,=]`).test(text)))).toEqual([]);
  });
});

describe('the commands', () => {
  it.each(program.commands.map((command) => [command.name()]))('of "%s" are the same when nothing else is loaded', async (word) => {
    const alone = await buildProgram(context, [word]);
    expect(alone.commands.map((command) => command.name())).toEqual([word]);
    const described = (command: Command): unknown => [command.name(), command.description(), command.options.map(({ flags }) => flags), command.commands.map(described)];
    expect(described(alone.commands[0]!)).toEqual(described(program.commands.find((command) => command.name() === word)!));
  });

  it('are all loaded for help and for a word that is none, and none for the version', async () => {
    for (const args of [[], ['--help'], ['help'], ['toString'], ['rnu']]) expect((await buildProgram(context, args)).commands).toHaveLength(program.commands.length);
    expect((await buildProgram(context, ['--version'])).commands).toEqual([]);
  });
});
