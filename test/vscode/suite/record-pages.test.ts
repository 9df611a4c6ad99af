import assert from 'node:assert/strict';
import { command, recorded } from './recorded.ts';
import { describe, it } from './spec.ts';

const { DISPLAY, WAYLAND_DISPLAY } = process.env;

describe('a recording by hand', () => {
  it('of what is no address is refused before there is a run, and without a screen the run says what it lacks', async () => {
    const runs = () => recorded((store) => store.runs({ limit: 50 }).items.filter(({ source }) => source === 'browser record'));
    const before = runs().length;
    assert.equal(await command('recordPages', 'file:///etc/passwd'), undefined);
    assert.equal(runs().length, before);
    // On a desktop a window would open, and wait for somebody.
    if (process.platform !== 'linux' || DISPLAY || WAYLAND_DISPLAY) return;
    assert.equal(await command('recordPages', 'http://127.0.0.1:9/'), undefined);
    const [run] = runs();
    assert.deepEqual([runs().length, run?.state, run?.error?.code], [before + 1, 'failed', 'not-supported']);
  });
});
