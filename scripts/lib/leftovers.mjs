import { mkdtempSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processesMarked } from './processes.mjs';

/** Temp folders that the product or its browser would have left; what the editor and the tools keep there is theirs. */
const ours = /^(ia-|puppeteer|\.?org\.chromium|\.?com\.(google|microsoft)\.)/;

/** How long something may take to end, or to be removed, after the suite that used it: on a busy machine a browser is a while about it. */
const graceMs = 20_000;

/** When it came to be and what it holds: by that the test that left it is found. @param {string} path */
function describe(path) {
  try {
    return madeAndHolds(path);
  } catch {
    // It is being removed just now.
    return '';
  }
}

/** @param {string} path */
function madeAndHolds(path) {
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
    const foldersNow = () => readdirSync(this.folder).filter((name) => ours.test(name));
    let processes = await processesMarked(marker);
    let folders = foldersNow();
    while (processes.length + folders.length > 0 && Date.now() < deadline) {
      await sleep(250);
      processes = await processesMarked(marker);
      folders = foldersNow();
    }
    const lines = [
      ...processes.map(({ pid, command }) => `process ${pid}: ${command.slice(0, 300)}`),
      ...folders.map((name) => `temp folder or file: ${name}${describe(join(this.folder, name))}`),
    ];
    for (const { pid } of processes) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It ended by itself in between.
      }
    }
    return lines;
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}
