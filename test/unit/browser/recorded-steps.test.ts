import { expect, test } from 'vitest';
import type { ReportedAction } from '../../../src/browser/recorder/record-script.ts';
import { RecordedSteps, type RecordedStep } from '../../../src/browser/recorder/recorded-steps.ts';

function recorder(): { readonly steps: RecordedSteps; readonly done: readonly RecordedStep[]; readonly tools: () => readonly string[] } {
  const done: RecordedStep[] = [];
  return { steps: new RecordedSteps((step) => done.push(step)), done, tools: () => done.map(({ tool }) => tool) };
}

const click = (count = 1, field = false): ReportedAction => ({ action: 'click', button: 'left', count, modifiers: [], field, said: ['Before'], url: 'http://shop.example/' });
const typed = (text: string, secret = false): ReportedAction => ({ action: 'type', text, clear: false, secret, said: ['Before'], url: 'http://shop.example/' });
const act = (steps: RecordedSteps, action: ReportedAction, selector?: string, page = 'p1') => steps.acted(page, action, selector, undefined);

test('two clicks on one thing are a double click, and a click into a field is part of typing there', () => {
  const { steps, done } = recorder();
  act(steps, click(), '#a');
  act(steps, click(2), '#a');
  act(steps, click(1, true), '#b');
  act(steps, typed('x'), '#b');
  act(steps, click(1, true), '#b');
  act(steps, click(), '#c');
  act(steps, click(), '#c');
  steps.flush();
  expect(done.map(({ tool, input }) => [tool, input['selector'], input['count']])).toEqual([
    ['page.click', '#a', 2], ['page.type', '#b', undefined], ['page.click', '#b', undefined], ['page.click', '#c', undefined], ['page.click', '#c', undefined],
  ]);
});

test('a secret has no value, and addresses that a form made have no query', () => {
  const { steps, done } = recorder();
  steps.opened('p1', 'http://shop.example/?ref=7');
  act(steps, typed('', true), '#p');
  act(steps, { action: 'press', key: 'Enter', said: [], url: 'http://shop.example/' }, '#p');
  steps.moved('p1', 'http://shop.example/in?p=hunter2', false);
  steps.flush();
  expect(done).toEqual([
    { tool: 'browser.open', input: { url: 'http://shop.example/?ref=7' }, output: { page: 'p1', url: 'http://shop.example/' } },
    { tool: 'page.type', input: { page: 'p1', selector: '#p', text: '[redacted]' }, output: {} },
    { tool: 'page.press', input: { page: 'p1', selector: '#p', key: 'Enter' }, output: { url: 'http://shop.example/in', navigated: true } },
  ]);
});

test('the answer to a dialog is given before what showed it, and once as long as it is the same', () => {
  const { steps, done } = recorder();
  act(steps, click(), '#a');
  steps.answered('p1', 'confirm', true, '');
  act(steps, click(), '#b');
  steps.answered('p1', 'confirm', true, '');
  act(steps, click(), '#c');
  steps.answered('p1', 'prompt', true, 'Ada');
  act(steps, click(), '#d');
  steps.answered('p1', 'alert', true, '');
  steps.flush();
  expect(done.map(({ tool, input }) => [tool, input['selector'] ?? input['text'] ?? input['accept']])).toEqual([
    ['page.dialogs', true], ['page.click', '#a'], ['page.click', '#b'], ['page.dialogs', 'Ada'], ['page.click', '#c'], ['page.click', '#d'],
  ]);
  const declined = recorder();
  act(declined.steps, click(), '#a');
  declined.steps.answered('p1', 'confirm', false, '');
  declined.steps.flush();
  // As it is where nothing is said.
  expect(declined.tools()).toEqual(['page.click']);
});

test('at the end that is looked for which the last action brought, unless it changes each time', () => {
  const end = (said: readonly string[], text = 'Ada') => {
    const { steps, done } = recorder();
    act(steps, typed(text), '#n');
    act(steps, click(), '#a');
    steps.seen('p1', said);
    steps.finish();
    return done.at(-1)!.tool === 'page.waitFor' ? done.at(-1)!.input['text'] : undefined;
  };
  expect(end(['Before', 'Saved'])).toBe('Saved');
  expect(end(['Before', 'Order 4711', 'Thanks, Ada'])).toBe('Before');
  expect(end(['Order 4711'])).toBeUndefined();
  expect(end([])).toBeUndefined();
});

test('windows and typed addresses are steps of their own, in the order in which they came', () => {
  const { steps, tools } = recorder();
  act(steps, click(), '#open');
  steps.popup('p2', 'p1', 'http://shop.example/help?x');
  act(steps, click(), '#ok', 'p2');
  steps.moved('p1', 'http://shop.example/next', true);
  // Reported without a place: nothing that could be done again.
  act(steps, click());
  act(steps, { action: 'upload', files: [], said: [], url: 'http://shop.example/' }, '#f');
  steps.finish();
  expect(tools()).toEqual(['page.click', 'page.popup', 'page.click', 'page.goto']);
});

test('what was seen only under the mouse is hovered first, and what came by scrolling is scrolled to, in the page or a part of it', () => {
  const { steps, done } = recorder();
  const about = { said: [], url: 'http://shop.example/' };
  const to = { css: '#row' };
  act(steps, { action: 'hover', ...about }, '#menu');
  act(steps, click(), '#entry');
  steps.acted('p1', { action: 'scroll', dx: 0, dy: 600, to, ...about }, undefined, '#row');
  act(steps, click(), '#row');
  steps.acted('p1', { action: 'scroll', dx: -90, dy: 0, to, ...about }, '#list', '#cell');
  act(steps, click(), '#cell');
  steps.flush();
  expect(done.map(({ tool, input: { page: _page, ...input } }) => [tool, input])).toEqual([
    ['page.hover', { selector: '#menu' }], ['page.click', { selector: '#entry' }],
    ['page.scroll', { dy: 600, until: '#row' }], ['page.click', { selector: '#row' }],
    ['page.scroll', { selector: '#list', dx: -90, until: '#cell' }], ['page.click', { selector: '#cell' }],
  ]);
});
