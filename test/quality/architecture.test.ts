import { describe, expect, it } from 'vitest';
import { cycles, importsOf, percentile, resolveImport, sourceFiles } from './sources.ts';

const src = sourceFiles('src');
const webview = sourceFiles('webview-ui');
const all = [...src, ...webview];

/** A room may import rooms of lower levels and itself; rooms on one level don't know each other. */
const levels: readonly (readonly string[])[] = [
  ['shared'],
  ['policy', 'store'],
  ['run'],
  ['sandbox', 'browser', 'mcp', 'models', 'workspace'],
  ['tools'],
  ['agent', 'chains', 'savings', 'telemetry'],
  ['runtime-options'],
  ['runtime-browsers', 'runtime-mcp', 'runtime-settings', 'runtime-store', 'runtime-telemetry'],
  ['runtime'],
  ['doctor', 'fetch-icons', 'serve', 'start-again', 'runtime-recording'],
  ['cli', 'vscode'],
  ['extension'],
];
const levelOf = (room: string) => levels.findIndex((level) => level.includes(room));

/** `src/run/lease.ts` -> run; a file directly in src is a room of its own: runtime.ts, cli.ts, extension.ts. */
const roomOf = (path: string) => path.replace(/^src\//, '').replace(/\.tsx?$/, '').split('/')[0] ?? '';

const wrongDirection = (from: string, to: string) => roomOf(from) !== roomOf(to) && levelOf(roomOf(to)) >= levelOf(roomOf(from));

describe('architecture', () => {
  it('knows every room', () => {
    expect(src.map(({ path }) => path).filter((path) => levelOf(roomOf(path)) < 0)).toEqual([]);
  });

  it('lets rooms import lower rooms only', () => {
    const wrong = src.flatMap(({ path, imports }) =>
      imports.flatMap((specifier) => {
        const target = resolveImport(path, specifier);
        return target?.startsWith('src/') && wrongDirection(path, target) ? [`${path} -> ${target}`] : [];
      }));
    expect(wrong).toEqual([]);
  });

  it('imports only files of the product that exist, by their full name', () => {
    const known = new Set(all.map(({ path }) => path));
    const wrong = src.flatMap(({ path, imports }) =>
      imports.flatMap((specifier) => {
        const target = resolveImport(path, specifier);
        return target === undefined || known.has(target) || target === 'package.json' ? [] : [`${path} -> ${target}`];
      }));
    expect(wrong).toEqual([]);
  });

  it('imports vscode in its own room and the extension entry only', () => {
    const users = src.filter(({ imports }) => imports.includes('vscode')).map(({ path }) => path);
    expect(users.filter((path) => !path.startsWith('src/vscode/') && path !== 'src/extension.ts')).toEqual([]);
  });

  it('lets the webview import shared, its own files and packages', () => {
    const wrong = webview.flatMap(({ path, imports }) =>
      imports.flatMap((specifier) => {
        if (specifier === 'vscode' || specifier.startsWith('node:')) return [`${path} -> ${specifier}`];
        const target = resolveImport(path, specifier);
        return target === undefined || target.startsWith('webview-ui/') || target.startsWith('src/shared/') ? [] : [`${path} -> ${target}`];
      }));
    expect(wrong).toEqual([]);
  });

  it('has no cycles between files', () => {
    expect(cycles(all).map((cycle) => cycle.join(' -> '))).toEqual([]);
  });

  // `any` itself is oxlint's to find (no-explicit-any): it tells a type from a word in a text.
  it('has no switched-off type checks and no notes to do something later', () => {
    const forbidden = /@ts-(?:ignore|expect-error|nocheck)|\b(?:TODO|FIXME|XXX|HACK)\b|disable.*no-explicit-any/;
    const found = all.flatMap(({ path, text }) => text.split('\n').flatMap((line, index) => (forbidden.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : [])));
    expect(found).toEqual([]);
  });

  it('keeps files small', () => {
    const lines = all.map((file) => file.lines);
    const largest = all.toSorted((a, b) => b.lines - a.lines).slice(0, 3).map(({ path, lines: count }) => `${path} (${count})`);
    console.log(`${all.length} files, median ${percentile(lines, 0.5)} lines, p90 ${percentile(lines, 0.9)}, largest ${largest.join(', ')}`);
    expect(percentile(lines, 0.9)).toBeLessThanOrEqual(350);
  });
});

describe('the reader of imports', () => {
  it('sees every form and no comment', () => {
    const text = `
      import a from './a.ts';
      import type { B } from "./b.ts";
      import {
        c,
      } from './c.ts';
      import './d.css';
      export * from './e.ts';
      const f = await import('./f.ts');
      // import g from './g.ts';
      /* import h from './h.ts'; */
    `;
    expect(importsOf(text)).toEqual(['./a.ts', './b.ts', './c.ts', './d.css', './e.ts', './f.ts']);
  });
});
