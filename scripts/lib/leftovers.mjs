import { mkdtempSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processesMarked } from './processes.mjs';

/** Temp folders that the product or its browser would have left; what the editor and the tools keep there is theirs. */
const ours = /^(ia-|puppeteer|\.?org\.chromium|\.?com\.(google|microsoft)\.)/;

/** How long something may take to end after the suite that used it. */
const graceMs = 5_000;

/** When it came to be and what it holds: by that the test that left it is found. @param {string} path */
function describe(path) {
  const about = statSync(path, { throwIfNoEntry: false });
  if (about === undefined) return '';
  const holds = about.isDirectory() ? readdirSync(path, { recursive: true }).map(String) : [];
  return `, made at ${about.birthtime.toISOString()}, changed at ${about.mtime.toISOString()}${holds.length > 0 ? `, with ${holds.length} entries such as ${holds.slice(0, 5).join(', ')}` : ''}`;
}

/** A private temp folder for all suites: whatever is found in it, or carries its name, is theirs and nobody else's. */
export class TestSandbox {
  // Short, because sockets are made in it and a socket's path may have about 100 characters.
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'iat-')));

  get env() {
    return { TMPDIR: this.folder, TEMP: this.folder, TMP: this.folder };
  }

  /** Everything that is still there, as lines to print; processes are ended, so that a failed run leaves none either. */
  async leftovers() {
    const marker = basename(this.folder);
    const deadline = Date.now() + graceMs;
    let processes = await processesMarked(marker);
    while (processes.length > 0 && Date.now() < deadline) {
      await sleep(250);
      processes = await processesMarked(marker);
    }
    for (const { pid } of processes) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It ended by itself in between.
      }
    }
    const folders = readdirSync(this.folder).filter((name) => ours.test(name));
    return [
      ...processes.map(({ pid, command }) => `process ${pid}: ${command.slice(0, 300)}`),
      ...folders.map((name) => `temp folder or file: ${name}${describe(join(this.folder, name))}`),
    ];
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}
