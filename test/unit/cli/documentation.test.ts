import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { inRoot } from '../../../scripts/lib/paths.mjs';
import { buildProgram, leaves } from '../../../src/cli/program.ts';
import { Terminal } from '../../../src/cli/terminal.ts';

const stream = { write: () => true };
const program = buildProgram({
  terminal: new Terminal({ stdout: stream, stderr: stream, stdin: process.stdin, env: {} }), cwd: '.', env: {}, version: '0.0.0',
  distDirectory: pathToFileURL(`${inRoot('dist')}/`), exit: () => undefined,
});
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
