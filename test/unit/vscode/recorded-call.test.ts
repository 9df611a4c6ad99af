import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { McpTool } from '../../../src/mcp/mcp-tool.ts';
import { RunStore } from '../../../src/store/run-store.ts';
import { looksOf, recordedCall } from '../../../src/vscode/recorded-call.ts';
import { historyOf } from '../../webview/harness/history.ts';
import { Recorder, type RecordedStep } from '../../webview/harness/record.ts';

const tool = (name: string, view?: string): McpTool => ({ name, description: '', inputSchema: { type: 'object' }, ...(view === undefined ? {} : { view }) });
const tools = [tool('forecast', 'ui://weather/forecast'), tool('a.dotted.name', 'ui://weather/dotted'), tool('plain')];
const known = (server: string) => (server === 'weather' ? tools : undefined);

let folder: string;
let store: RunStore;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'test-recorded-call-'));
  store = new RunStore(folder);
});
afterAll(() => {
  store[Symbol.dispose]();
  rmSync(folder, { recursive: true, force: true });
});

/** The call of a run that has this one step. */
function called(step: RecordedStep) {
  const recorder = new Recorder(store, { workspace: folder });
  recorder.enter('running');
  const id = recorder.step(step);
  recorder.done(recorder.value(null));
  return recordedCall(historyOf(store), { run: recorder.run, step: id }, known);
}

it('tools with a view are known by the server and name of their step, dots and all', () => {
  expect(looksOf(['mcp.weather.forecast', 'mcp.weather.a.dotted.name', 'mcp.weather.plain', 'mcp.weather.gone', 'mcp.other.forecast', 'browser.open', 'mcp.weather'], known, () => undefined)).toEqual({ tools: ['mcp.weather.forecast', 'mcp.weather.a.dotted.name'], icons: {} });
});

it('tools are shown with the picture that came with them, or that was fetched before; what lies at an address only has none', () => {
  const picture = 'data:image/png;base64,AAAA';
  const iconed: readonly McpTool[] = [{ ...tool('own'), icon: picture }, { ...tool('fetched'), iconUrl: 'https://example.com/a.png' }, { ...tool('away'), iconUrl: 'https://example.com/b.png' }, tool('none')];
  const names = [...iconed.map(({ name }) => `mcp.weather.${name}`), 'mcp.weather.__proto__'];
  expect(looksOf(names, () => iconed, (url) => (url.endsWith('a.png') ? `${picture}BBBB` : undefined))).toEqual({ tools: [], icons: { 'mcp.weather.own': picture, 'mcp.weather.fetched': `${picture}BBBB` } });
});

it('a call is handed to its view as it was recorded, also where it is too large for the journal', async () => {
  expect(await called({ kind: 'mcp', name: 'mcp.weather.forecast', input: { city: 'Oslo' }, output: { degrees: 4 } })).toMatchObject({ server: 'weather', view: 'ui://weather/forecast', input: { city: 'Oslo' }, result: { structuredContent: { degrees: 4 } } });
  const text = 'long '.repeat(100_000);
  expect((await called({ kind: 'mcp', name: 'mcp.weather.forecast', output: { text } })).result.structuredContent).toEqual({ text });
});

it('what is no call that ended well has no view, and neither has a tool of which none is known', async () => {
  await expect(called({ kind: 'mcp', name: 'mcp.weather.forecast', status: 'error', error: { code: 'mcp-tool-failed', message: 'No.' } })).rejects.toMatchObject({ code: 'invalid-input' });
  await expect(called({ kind: 'browser', name: 'browser.open', output: 1 })).rejects.toMatchObject({ code: 'invalid-input' });
  await expect(called({ kind: 'mcp', name: 'mcp.other.forecast', output: 1 })).rejects.toMatchObject({ code: 'not-supported' });
  await expect(recordedCall(historyOf(store), { run: 'run_none', step: 's' }, known)).rejects.toThrow();
});

it('a result of more than a view is told is refused, and not cut', async () => {
  await expect(called({ kind: 'mcp', name: 'mcp.weather.forecast', output: { text: 'x'.repeat(5 * 1024 * 1024) } })).rejects.toMatchObject({ code: 'not-supported' });
});
