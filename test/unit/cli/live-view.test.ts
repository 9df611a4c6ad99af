import { expect, test } from 'vitest';
import { Terminal } from '../../../src/cli/terminal.ts';
import { LiveView } from '../../../src/cli/views/live-view.ts';
import { ended, journalOf, started } from '../telemetry/journal-fixture.ts';

function terminal(env: Readonly<Record<string, string>>, isTTY: boolean) {
  const written: string[] = [];
  const stream = { isTTY, columns: 60, write: (text: string) => written.push(text) };
  return { written, terminal: new Terminal({ stdout: stream, stderr: stream, stdin: process.stdin, env }) };
}

const events = journalOf(
  started('a'), ended('a', 12), { type: 'run.progress', message: 'page 2 of 4', fraction: 0.5 }, { type: 'run.log', level: 'debug', message: 'quiet' }, { type: 'run.log', level: 'warn', message: 'odd\u001b[2J' },
  { type: 'lease.created', lease: 'l', kind: 'browser', label: 'Chromium', identity: {} }, { type: 'lease.destroyed', lease: 'l', verified: true, how: 'x', ms: 1 },
  { type: 'decision', action: 'net https://evil.example', effect: 'deny', outcome: 'denied', reason: 'r' },
);

test('without a terminal every step, message and resource is one plain line', () => {
  const { written, terminal: plain } = terminal({}, false);
  using view = new LiveView(plain);
  for (const event of events) view.show(event);
  expect(written).toEqual([
    '✓ name of a 12 ms\n', '  page 2 of 4 50 %\n', '  warning: odd\\x1b[2J\n', '+ browser: Chromium\n', '- Chromium: destroyed, verified\n', '⊘ denied: net https://evil.example\n',
  ]);
});

test('the end of a run that is one call of a tool is not told again under the name of that tool', () => {
  const { written, terminal: plain } = terminal({}, false);
  using view = new LiveView(plain);
  const step = (id: string, kind: 'run' | 'browser', parent?: string) => ({ type: 'step.started' as const, step: id, kind, name: 'browser.verify', ...(parent === undefined ? {} : { parent }) });
  for (const event of journalOf(step('run', 'run'), step('call', 'browser', 'run'), ended('call', 5), ended('run', 6))) view.show(event);
  expect(written).toEqual(['✓ browser.verify 5 ms\n']);
});

test('on a terminal there is a spinner with the step that is open, taken away at the end', () => {
  const { written, terminal: screen } = terminal({}, true);
  const view = new LiveView(screen);
  view.show(journalOf([Date.now(), { type: 'run.progress', message: 'begun' }])[0]!);
  view.show(journalOf([Date.now(), started('slow step')])[0]!);
  view.show(journalOf([Date.now(), { type: 'run.progress', message: 'on' }])[0]!);
  expect(written.at(-1)).toContain('name of slow step');
  view[Symbol.dispose]();
  expect(written.at(-1)).toBe('\r\u001b[2K');
});

test('a terminal that calls itself dumb gets plain lines: it would print each step of a spinner', () => {
  const { written, terminal: dumb } = terminal({ TERM: 'dumb', FORCE_COLOR: '1' }, true);
  using view = new LiveView(dumb);
  for (const event of events) view.show(event);
  expect(written).toHaveLength(6);
  expect(written.join('')).not.toContain('\u001b');
});

test.each<Readonly<Record<string, string>>>([{ CI: 'true' }, { NO_COLOR: '1' }])('%o means no colours', (env) => {
  const { written, terminal: screen } = terminal(env, true);
  using view = new LiveView(screen);
  view.show(events[0]!);
  view.show(events[1]!);
  expect(written.join('')).not.toContain('\u001b[3');
});

test('under CI there is no spinner either', () => {
  const { written, terminal: screen } = terminal({ CI: 'true' }, true);
  using view = new LiveView(screen);
  for (const event of events) view.show(event);
  expect(written.join('')).not.toContain('\r');
});

test('a line never grows over the width of the screen', () => {
  const { written, terminal: plain } = terminal({}, false);
  using view = new LiveView(plain);
  view.show(journalOf({ type: 'run.log', level: 'info', message: 'x'.repeat(500) })[0]!);
  expect(written).toEqual([`  ${'x'.repeat(57)}…\n`]);
});
