import { seconds } from './steps.mjs';

/** @typedef {{ name: string, ok: boolean, detail?: string }} Check */

/** Counts over all suites and gates, and the closing lines. */
export class Tally {
  /** @type {Check[]} */
  #checks = [];
  #skipped = 0;

  /** @param {string} suite @param {readonly Check[]} checks @param {number} skipped @param {number} ms */
  add(suite, checks, skipped, ms) {
    this.#checks.push(...checks.map((check) => ({ ...check, name: `${suite}: ${check.name}` })));
    this.#skipped += skipped;
    const failed = checks.filter(({ ok }) => !ok).length;
    console.log(`${suite}: ${checks.length - failed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''} (${seconds(ms)})\n`);
  }

  get failed() {
    return this.#checks.filter(({ ok }) => !ok);
  }

  /** The failures by name and then, alone and last, the sum. */
  close() {
    if (this.failed.length > 0) {
      console.log('Failed:');
      for (const { name, detail } of this.failed) console.log(`  ${name}${detail ? `\n    ${detail.trim().split('\n').slice(0, 6).join('\n    ')}` : ''}`);
      console.log('');
    }
    if (this.#skipped > 0) console.log(`${this.#skipped} tests were skipped.`);
    console.log(`${this.#checks.length - this.failed.length} passed, ${this.failed.length} failed`);
  }
}
