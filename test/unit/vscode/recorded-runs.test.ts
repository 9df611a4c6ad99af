import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultSettings } from '../../../src/runtime-options.ts';
import { runtimeSettings } from '../../../src/runtime-settings.ts';
import { openStore } from '../../../src/runtime-store.ts';
import { AssassinError } from '../../../src/shared/errors.ts';
import type { RunStore } from '../../../src/store/run-store.ts';
import { RecordedRuns } from '../../../src/vscode/recorded-runs.ts';
import { recordFailedRun } from '../../webview/harness/sample-runs.ts';

const day = 86_400_000;
const titles = (store: RunStore) => store.runs({ workspace: '/w', limit: 10 }).items.map(({ title }) => title);

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'test-recorded-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The records of a folder, and a runtime that settings open or do not. */
function recorded(settings: Record<string, unknown>) {
  const seen = { runtime: 0, alone: [] as RunStore[], open: undefined as AssassinError | undefined };
  const openedWith = async (withRetention: boolean) => (await openStore({ dataDirectory: folder, log: () => undefined, ...(withRetention ? { settings: defaultSettings } : {}) })).store;
  const runs = new RecordedRuns({
    runtime: async (work) => {
      runtimeSettings({ chosen: (name) => settings[name], levels: () => [] }, folder, defaultSettings);
      seen.runtime += 1;
      using store = await openedWith(true);
      return await work({ store });
    },
    open: async () => {
      if (seen.open) throw seen.open;
      const store = await openedWith(false);
      seen.alone.push(store);
      return store;
    },
  });
  return { runs, seen, settings };
}

describe('what is on record', () => {
  it('is read through the runtime where the settings are right', async () => {
    const { runs, seen } = recorded({});
    expect(await runs.read(titles)).toEqual([]);
    expect({ runtime: seen.runtime, alone: seen.alone.length, isAlone: runs.isAlone }).toEqual({ runtime: 1, alone: 0, isAlone: false });
  });

  it('is read on its own while a setting is wrong, whatever its age; and through the runtime again once the setting is mended', async () => {
    const { runs, seen, settings } = recorded({ 'budget.steps': 'many', 'retention.maxAgeDays': 'long' });
    using store = (await openStore({ dataDirectory: folder, log: () => undefined })).store;
    recordFailedRun(store, { workspace: '/w', title: 'Long ago', at: Date.now() - 400 * day });
    expect(await runs.read(titles)).toEqual(['Long ago']);
    expect(await runs.read(titles)).toEqual(['Long ago']);
    expect({ alone: seen.alone.length, isAlone: runs.isAlone, runtime: seen.runtime }).toEqual({ alone: 1, isAlone: true, runtime: 0 });
    Object.assign(settings, { 'budget.steps': 100, 'retention.maxAgeDays': 500 });
    await runs.close();
    await runs.read(titles);
    expect({ isAlone: runs.isAlone, runtime: seen.runtime }).toEqual({ isAlone: false, runtime: 1 });
    expect(() => titles(seen.alone[0]!)).toThrow();
  });

  it('is not closed under a reading that is at work', async () => {
    const { runs, seen } = recorded({ 'budget.steps': 'many' });
    const gate = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const reading = runs.read(async (store) => {
      begun.resolve();
      await gate.promise;
      return titles(store);
    });
    await begun.promise;
    const closing = runs.close();
    gate.resolve();
    expect(await reading).toEqual([]);
    await closing;
    expect(() => titles(seen.alone[0]!)).toThrow();
  });

  it('is not read where the folder of the records is what is wrong, and looked for again the next time', async () => {
    const { runs, seen } = recorded({ 'budget.steps': 'many' });
    seen.open = new AssassinError('invalid-config', 'The setting infrastructureAssassin.dataDirectory: "here" is not an absolute path.');
    await expect(runs.read(titles)).rejects.toThrow('dataDirectory');
    expect(runs.isAlone).toBe(false);
    seen.open = undefined;
    expect(await runs.read(titles)).toEqual([]);
  });

  it('tells what went wrong with a reading as it is: only settings send it elsewhere', async () => {
    const { runs, seen } = recorded({});
    await expect(runs.read(() => { throw new AssassinError('invalid-config', 'Of the work.'); })).rejects.toThrow('Of the work.');
    expect(seen.alone).toEqual([]);
  });
});
