import { expect, it } from 'vitest';
import { PanelViews } from '../../../src/vscode/panel-views.ts';
import { ServerViews } from '../../webview/harness/server-views.ts';

function opened() {
  const views = new ServerViews();
  const told: unknown[] = [];
  const panel = new PanelViews({ views, tell: (event, data) => void told.push([event, data]) });
  return { views, told, panel, handlers: panel.handlers };
}

const step = { run: 'run_1', step: 's_1' };

it('a view is heard until it is closed', async () => {
  const { handlers, told } = opened();
  const { view } = await handlers['view.open'](step);
  const ask = (id: number) => handlers['view.say']({ view, message: { jsonrpc: '2.0', id, method: 'no/such' } });
  await ask(1);
  await expect.poll(() => told).toEqual([['viewSaid', { view, message: { jsonrpc: '2.0', id: 1, error: expect.objectContaining({ code: -32601 }) as unknown } }]]);
  await handlers['view.close']({ view });
  await ask(2);
  await handlers['view.close']({ view });
  const other = await handlers['view.open'](step);
  await handlers['view.say']({ view: other.view, message: { jsonrpc: '2.0', id: 3, method: 'no/such' } });
  await expect.poll(() => told.length).toBe(2);
  expect(told[1]).toMatchObject(['viewSaid', { view: other.view, message: { id: 3 } }]);
});

it('a flood that a page lets through is cut off by the host', async () => {
  const { handlers, told } = opened();
  const { view } = await handlers['view.open'](step);
  for (let i = 0; i < 300; i++) await handlers['view.say']({ view, message: { jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data: 'x' } } });
  expect(told).toEqual([['viewEnded', { view, why: 'cutOff', detail: 'it sent more than 200 messages in a second' }]]);
});

it('the oldest view falls asleep for a fourth one', async () => {
  const { handlers, told } = opened();
  const all = [];
  for (let i = 0; i < 4; i++) all.push((await handlers['view.open'](step)).view);
  expect(told).toEqual([['viewEnded', { view: all[0], why: 'asleep', detail: '' }]]);
});

it('a view that was still being read for a page that is gone is not shown in the next', async () => {
  const { handlers, panel } = opened();
  const opening = handlers['view.open'](step);
  panel.closeAll();
  await expect(opening).rejects.toMatchObject({ code: 'cancelled' });
});

it('a view of more than a page can take is refused, and so is every view where there are none', async () => {
  const { handlers, views } = opened();
  views.html = 'x'.repeat(9 * 1024 * 1024);
  await expect(handlers['view.open'](step)).rejects.toMatchObject({ code: 'invalid-output' });
  const none = new PanelViews({ tell: () => undefined }).handlers;
  expect(await none['view.declared']({ tools: ['mcp.weather.forecast'] })).toEqual({ tools: [], icons: {} });
  await expect(none['view.open'](step)).rejects.toMatchObject({ code: 'not-supported' });
});
