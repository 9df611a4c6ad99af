import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { renderError } from '../../../../src/cli/views/run-report.ts';
import { noColours } from '../../../../src/cli/style.ts';
import { attack, canary } from './attack.ts';

describe.concurrent('a server that breaks the protocol is refused', () => {
  it.each(['wrong-id', 'silence', 'slow-loris'])('%s: its time is over', async (name) => {
    expect((await attack(name, { timeoutMs: 700 })).answers).toEqual(['! timeout']);
  });

  it.each<[string, RegExp]>([
    ['no-version', /timeout|mcp-protocol/], ['not-json', /timeout|mcp-protocol/], ['exit-in-call', /mcp-disconnected/], ['answers-others', /mcp-protocol|mcp-disconnected/],
    ['false-success', /mcp-protocol/], ['result-of-another-shape', /mcp-protocol|mcp-tool-failed/], ['odd-protocol-version', /mcp-start-failed|mcp-protocol/],
  ])('%s', async (name, code) => {
    expect((await attack(name)).answers).toEqual([expect.stringMatching(new RegExp(`^! (?:${code.source})$`)) as string]);
  });
});

describe.concurrent('a server that sends too much is capped', () => {
  it('endless-line', async () => {
    expect((await attack('endless-line', { timeoutMs: 20_000 })).answers).toEqual(['! mcp-protocol']);
  });

  it('same-cursor: a page that was read already is the last one', async () => {
    expect(await attack('same-cursor')).toMatchObject({ answers: ['found'], offered: ['lookup'] });
  });

  it('huge-result', async () => {
    const { answers } = await attack('huge-result');
    expect(JSON.stringify(answers).length).toBeLessThan(5 * 1024 * 1024);
  });

  it.each(['notification-flood', 'progress-flood', 'list-changed-flood', 'stderr-flood'])('%s', async (name) => {
    expect((await attack(name, { calls: [['lookup'], ['lookup']], timeoutMs: 10_000 })).answers).toHaveLength(2);
  });
});

describe.concurrent('what a server sends stays data', () => {
  it.each(['duplicate-id', 'unknown-notification', 'request-of-a-client', 'null-bytes', 'batch-of-orders', 'ansi-in-log', 'leaves-children', 'ignores-the-end'])('%s changes nothing', async (name) => {
    expect((await attack(name, { calls: [['lookup'], ['lookup']] })).answers.map((answer) => String(answer).slice(0, 20))).toHaveLength(2);
  });

  it.each([['script-link', 'javascript:alert(1)'], ['file-link', 'file:///etc/passwd']])('%s is a text that nobody follows', async (name, uri) => {
    expect(JSON.stringify((await attack(name)).answers)).toContain(uri);
  });

  it('html-result is not loaded', async () => {
    let requests = 0;
    const listener = createServer((_request, response) => { requests++; response.end(); }).listen(0, '127.0.0.1');
    await new Promise((resolve) => listener.once('listening', resolve));
    const port = String((listener.address() as AddressInfo).port);
    expect((await attack('html-result', { argument: port })).answers).toHaveLength(1);
    await attack('ref-elsewhere', { argument: port, calls: [['lookup', { key: 'a' }]] });
    expect(requests).toBe(0);
    listener.close();
  });

  it('proto-result pollutes nothing', async () => {
    expect((await attack('proto-result')).answers).toHaveLength(1);
  });

  it('path-as-resource is the word of the server, not a file of this machine', async () => {
    const { answers } = await attack('path-as-resource', { calls: [['resources.read', { server: 'odd', uri: 'file:///../../etc/passwd' }]] });
    expect(JSON.stringify(answers)).not.toContain('root:');
  });
});

describe.concurrent('secrets', () => {
  it.each(['secret-in-log', 'secret-in-result', 'secret-in-error'])('%s is redacted everywhere', async (name) => {
    const { run, log } = await attack(name);
    // The chain itself gets what its server says; all that is kept and shown of it is redacted.
    expect(run.outcome.state).toBe('done');
    expect(JSON.stringify([run.events, log])).not.toContain(canary);
  });

  it('environment: it gets none of ours', async () => {
    process.env['ATTACK_TEST_TOKEN'] = 'of-the-shell';
    const [names] = (await attack('environment')).answers;
    delete process.env['ATTACK_TEST_TOKEN'];
    expect(names).toContain('SERVICE_TOKEN');
    expect(names).not.toContain('ATTACK_TEST_TOKEN');
  });

  it('ansi-in-result-error: control characters do not reach a terminal', async () => {
    const { run, answers } = await attack('ansi-in-result-error');
    expect(answers).toEqual(['! mcp-tool-failed']);
    const errors = run.of('step.ended').flatMap(({ error }) => error ?? []);
    expect(errors.flatMap((error) => renderError(error, noColours, 100)).join('\n')).toMatch(/^(?!.*\u001b).*failed/s);
  });
});

describe('a list without end', () => {
  it('endless-pages: two hundred pages are read, beside nothing that would slow them down', async () => {
    expect((await attack('endless-pages')).answers).toEqual(['! mcp-protocol']);
  });
});
