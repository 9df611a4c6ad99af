import { describe, expect, it } from 'vitest';
import reviewed from './side-effects.json' with { type: 'json' };
import { effectsOf } from './side-effect-uses.ts';
import { sourceFiles } from './sources.ts';

const uses = new Map(sourceFiles('src').map(({ path, text }) => [path, effectsOf(text).join(' ')] as const));
const review = new Map<string, { readonly uses: string; readonly why: string }>(Object.entries(reviewed));

describe('what reaches out of the process', () => {
  it('is used by files that were reviewed, and for nothing more than was reviewed', () => {
    const unreviewed = [...uses].filter(([path, effects]) => effects !== '' && review.get(path)?.uses !== effects).map(([path, effects]) => `${path}: ${effects}`);
    expect(unreviewed, 'Review how each passes the gate, or why it need not, and say so in side-effects.json.').toEqual([]);
  });

  it('is listed only where it is used', () => {
    expect([...review].filter(([path, { uses: effects }]) => uses.get(path) !== effects).map(([path]) => path)).toEqual([]);
  });

  it('has one sentence each that says why', () => {
    for (const [path, { why }] of review) expect(why, path).toMatch(/^[A-Z].{30,}\.$/);
  });

  it('is not in the rooms that compute only', () => {
    const pure = ['src/shared/', 'src/agent/', 'src/savings/', 'src/telemetry/', 'src/policy/'];
    expect([...review.keys()].filter((path) => pure.some((room) => path.startsWith(room)))).toEqual(['src/policy/egress-request.ts', 'src/policy/egress.ts']);
  });
});

describe('the reader of effects', () => {
  it.each([
    ["import { readFile } from 'node:fs/promises';", 'files'],
    ["import fs from 'fs';", 'files'],
    ["import * as net from 'node:net';", 'network'],
    ["import {\n  connect,\n  isIP,\n} from 'node:net';", 'network'],
    ["import { isIP, BlockList } from 'node:net';", ''],
    ["import type { Socket } from 'node:net';", ''],
    ["import { type Socket } from 'node:net';", ''],
    ["export { spawn } from 'node:child_process';", 'processes'],
    ["const { spawn } = await import('node:child_process');", 'processes'],
    ["const a = require('fs');", 'files'],
    ["import 'undici';", 'network'],
    ["const load = () => import('puppeteer-core/internal/x.js');", 'browser'],
    ["import type { Page } from 'puppeteer-core';", ''],
    ['const response = await fetch(url);', 'network'],
    ['const get = globalThis.fetch;', 'network'],
    ['const response = await this.fetch(url);', ''],
    ["const socket = new WebSocket('wss://a');", 'network'],
    ["new Worker(url); import { Worker } from 'node:worker_threads';", ''],
    ["import { Worker } from 'node:worker_threads';", 'code'],
    ["// import fs from 'node:fs';", ''],
    ["/* await import('node:fs') */", ''],
    ["process.getBuiltinModule('fs')", 'code'],
    ['await vscode.workspace.fs.writeFile(a, b);', 'files'],
    ['vscode.env.openExternal(uri)', 'processes'],
  ])('finds in %j: %s', (text, effects) => expect(effectsOf(text).join(' ')).toBe(effects));
});
