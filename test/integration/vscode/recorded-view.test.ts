import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { resultForView, textOf } from '../../../src/mcp/apps/view-calls.ts';
import { denyAll } from '../../../src/policy/approver.ts';
import { Runtime } from '../../../src/runtime.ts';
import { defaultSettings } from '../../../src/runtime-options.ts';
import { fromErrorInfo } from '../../../src/shared/errors.ts';
import type { Json } from '../../../src/shared/json.ts';
import { PanelViews } from '../../../src/vscode/panel-views.ts';
import { looksOf, recordedCall } from '../../../src/vscode/recorded-call.ts';
import { fixture, nodeServer } from '../../helpers/mcp.ts';
import { testWorkspace } from '../../helpers/workspace.ts';
import { historyOf } from '../../webview/harness/history.ts';

it('a call of a real server is shown in the view that its tool declared once the server is known, and what the view calls is held to the grants', async () => {
  using workspace = testWorkspace();
  using data = testWorkspace();
  await using runtime = await Runtime.open({
    workspace: workspace.path, dataDirectory: join(data.path, 'store'), distDirectory: pathToFileURL(join(data.path, 'dist/')), version: '0.0.0', log: () => undefined, approver: denyAll,
    settings: { ...defaultSettings, mcpServers: [nodeServer('forecasting', fixture('forecasting.mjs'))] },
  });
  const known = (server: string) => runtime.mcp.knownTools(server);
  const started = async (name: string, input: Json, grants: readonly string[]) => {
    const handle = await runtime.startTool(name, input, { grants });
    const { result, error } = await handle.outcome;
    if (error !== undefined) throw fromErrorInfo(error);
    return { run: handle.id, result: result ?? null };
  };
  expect(looksOf(['mcp.forecasting.weather'], known, () => undefined).tools).toEqual([]);
  const { run } = await started('mcp.forecasting.weather', { city: 'Oslo' }, ['mcp forecasting:weather']);
  expect(looksOf(['mcp.forecasting.weather', 'mcp.forecasting.forecast'], known, () => undefined)).toEqual({ tools: ['mcp.forecasting.weather'], icons: {} });

  const history = historyOf(runtime.store);
  const step = (await history.spans(run)).find(({ name }) => name === 'mcp.forecasting.weather')?.id ?? '';
  const told: object[] = [];
  const messages = () => told.flatMap((said) => ('message' in said ? [said.message] : []));
  let grants: readonly string[] = [];
  using panel = new PanelViews({
    tell: (_event, said) => void told.push(said),
    views: {
      declared: (tools) => Promise.resolve(looksOf(tools, known, () => undefined)), openTab: () => Promise.resolve(),
      open: async (of) => {
        const { server, tool, view, input, result } = await recordedCall(history, of, known);
        const html = textOf((await started('resources.read', { server, uri: view }, [`mcp ${server}:resources/read`])).result);
        return {
          title: tool.title ?? tool.name, from: server, html, input, result, version: '0.0.0', theme: 'light', locale: 'en', log: () => undefined, openLink: () => Promise.resolve(false),
          callTool: async (name, args) => resultForView((await started(`mcp.${server}.${name}`, args, grants)).result), readResource: () => Promise.reject(new Error('Not in this test.')),
        };
      },
    },
  });
  const opened = await panel.handlers['view.open']({ run, step });
  expect(opened).toMatchObject({ title: 'Weather', html: expect.stringContaining('id="degrees"') as unknown });
  const say = (message: object) => panel.handlers['view.say']({ view: opened.view, message: { jsonrpc: '2.0', ...message } });
  const answer = (id: number) => expect.poll(() => messages().find((message) => typeof message === 'object' && message !== null && 'id' in message && message.id === id), { timeout: 20_000 });
  await say({ id: 1, method: 'ui/initialize', params: { protocolVersion: '2026-01-26', appInfo: { name: 'v', version: '1' }, appCapabilities: {} } });
  await answer(1).toMatchObject({ result: { hostInfo: { name: 'infrastructure-assassin' } } });
  await say({ method: 'ui/notifications/initialized' });
  await expect.poll(() => messages()).toContainEqual(expect.objectContaining({ method: 'ui/notifications/tool-result', params: expect.objectContaining({ structuredContent: { degrees: 4 } }) as unknown }));
  await say({ id: 2, method: 'tools/call', params: { name: 'forecast', arguments: { days: 2 } } });
  await answer(2).toMatchObject({ result: { isError: true } });
  grants = ['mcp forecasting:forecast'];
  await say({ id: 3, method: 'tools/call', params: { name: 'forecast', arguments: { days: 2 } } });
  await answer(3).toMatchObject({ result: { content: [{ text: 'Rain for 2 days' }] } });
});
