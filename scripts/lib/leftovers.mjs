import { mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processesMarked } from './processes.mjs';

/** Temp folders that the product or its browser would have left; what the editor and the tools keep there is theirs. */
const ours = /^(ia-|puppeteer|\.?org\.chromium|\.?com\.(google|microsoft)\.)/;

/** How long something may take to end after the suite that used it. */
const graceMs = 5_000;

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
      ...folders.map((name) => `temp folder or file: ${name}`),
    ];
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}
