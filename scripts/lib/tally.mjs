import { stripVTControlCharacters } from 'node:util';
import { seconds } from './steps.mjs';

/** @typedef {{ name: string, ok: boolean, detail?: string }} Check */
/** `again`: what failed and was run once more. @typedef {{ checks: Check[], skipped: number, again?: Check[] }} SuiteOutcome */

const shownLines = 4;
const shownWidth = 240;

/** What went wrong, without the way there. @param {string} detail @returns {string} */
function brief(detail) {
  const lines = stripVTControlCharacters(detail).trim().split('\n').filter((line) => line.trim() !== '' && !/^\s*(at|❯) /.test(line)).slice(0, shownLines);
  return lines.map((line) => `\n    ${line.slice(0, shownWidth)}`).join('');
}

/** Counts over all suites and gates, and the closing lines. */
export class Tally {
  /** @type {Check[]} */
  #checks = [];
  #skipped = 0;

  /** @type {Check[]} */
  #again = [];

  /** @param {string} suite @param {SuiteOutcome} outcome @param {number} ms */
  add(suite, { checks, skipped, again = [] }, ms) {
    const named = (/** @type {Check} */ check) => ({ ...check, name: `${suite}: ${check.name}` });
    this.#checks.push(...checks.map(named));
    this.#again.push(...again.map(named));
    this.#skipped += skipped;
    const failed = checks.filter(({ ok }) => !ok).length;
    console.log(`${suite}: ${checks.length - failed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''} (${seconds(ms)})\n`);
  }

  get failed() {
    return this.#checks.filter(({ ok }) => !ok);
  }

  /** What only passed when it was run again, the failures by name and then, alone and last, the sum. */
  close() {
    const failed = new Set(this.failed.map(({ name }) => name));
    for (const [title, checks] of /** @type {const} */ ([['Passed when run again:', this.#again.filter(({ name }) => !failed.has(name))], ['Failed:', this.failed]])) {
      if (checks.length === 0) continue;
      console.log(title);
      for (const { name, detail = '' } of checks) console.log(`  ${name}${brief(detail)}`);
      console.log('');
    }
    if (this.#skipped > 0) console.log(`${this.#skipped} tests were skipped.`);
    console.log(`${this.#checks.length - this.failed.length} passed, ${this.failed.length} failed`);
  }
}
