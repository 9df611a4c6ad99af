import { expect, test } from 'vitest';
import { everythingScript, fixture } from '../../helpers/mcp.ts';
import { CommandLine } from './command-line.ts';

const configured = { '.vscode/mcp.json': JSON.stringify({ servers: { notes: { command: process.execPath, args: [fixture('asking.mjs'), 'modern'] } } }) };

test('resources and prompts of a server are listed, and each is read as a run with exactly that grant', async () => {
  using cli = new CommandLine(configured);
  expect((await cli.json<unknown>(['mcp', 'resources', 'notes'])).document).toMatchObject({ server: 'notes', resources: [{ uri: 'notes://today' }], templates: [{ uriTemplate: 'notes://{day}' }] });
  expect((await cli.run(['mcp', 'prompts', 'notes'])).stdout).toMatch(/greet +name \[tone\] +Greets/);
  const read = (await cli.json(['mcp', 'read', 'notes', 'notes://today'])).document;
  expect(read).toMatchObject({ state: 'done', clean: true, result: 'Buy milk' });
  const prompt = (await cli.json(['mcp', 'prompt', 'notes', 'greet', '--arg', 'name=Ada=1', '--arg', 'tone=warm'])).document;
  expect(prompt.result).toEqual({ messages: [{ role: 'user', content: { type: 'text', text: 'Greet Ada=1, warm' } }] });
});

test('values of an argument are offered, and a change is waited for, each as a run with exactly that grant', async () => {
  using cli = new CommandLine({ '.vscode/mcp.json': JSON.stringify({ servers: { everything: { command: process.execPath, args: [everythingScript] } } }) });
  expect((await cli.json(['mcp', 'complete', 'everything', 'completable-prompt', 'department', 'E'])).document).toMatchObject({ state: 'done', result: ['Engineering'] });
  expect((await cli.json(['mcp', 'changed', 'everything', 'demo://resource/static/document/features.md', '--within', '0.05'])).document).toMatchObject({ state: 'done', result: false });
  expect((await cli.json(['mcp', 'changed', 'everything', 'demo://resource/static/document/features.md', '--within', 'long'])).document.error).toMatchObject({ code: 'invalid-input' });
});

test('a look at a server sees what a run sees: nothing of it is new to the run afterwards', async () => {
  using cli = new CommandLine({ '.vscode/mcp.json': JSON.stringify({ servers: { everything: { command: process.execPath, args: [everythingScript] } } }) });
  expect((await cli.run(['mcp', 'tools', 'everything'])).stdout).toContain('trigger-elicitation-request');
  const call = await cli.run(['mcp', 'call', 'everything', 'echo', '--input', '{"message":"hello"}']);
  expect([call.code, call.stderr]).toEqual([0, expect.not.stringContaining('Withheld')]);
});

test('what is wrong is said: an argument that is none, one that is missing, a resource that is not there', async () => {
  using cli = new CommandLine(configured);
  expect(await cli.run(['mcp', 'prompt', 'notes', 'greet', '--arg', 'name'])).toMatchObject({ code: 2, stderr: expect.stringContaining('--arg NAME=VALUE') as string });
  expect((await cli.json(['mcp', 'prompt', 'notes', 'greet'])).document.error).toMatchObject({ code: 'invalid-input', message: expect.stringContaining('"name"') as string });
  expect((await cli.json(['mcp', 'read', 'notes', 'gone://nowhere'])).document).toMatchObject({ state: 'failed', clean: true });
});

test('skills of a server are listed, and a file of one is read as a run with exactly that grant', async () => {
  using cli = new CommandLine({ '.vscode/mcp.json': JSON.stringify({ servers: { notes: { command: process.execPath, args: [fixture('asking.mjs'), 'modern', 'skills'] } } }) });
  expect((await cli.run(['mcp', 'skills', 'notes'])).stdout).toMatch(/counting +skill:\/\/counting\/SKILL\.md +Counts things\./);
  expect((await cli.json(['mcp', 'skill', 'notes', 'skill://counting/SKILL.md', 'references/NUMBERS.md'])).document).toMatchObject({ state: 'done', clean: true, result: 'One, two.\n' });
  expect((await cli.json(['mcp', 'skill', 'notes', 'skill://gone/SKILL.md'])).document.error).toMatchObject({ code: 'tool-not-found' });
});

test('tasks that nobody waits for any more are listed, and asking for one that is not there says so', async () => {
  using cli = new CommandLine(configured);
  expect((await cli.json<unknown>(['mcp', 'tasks'])).document).toEqual({ tasks: [] });
  expect((await cli.run(['mcp', 'tasks'])).stderr).toContain('No MCP task is open.');
  expect((await cli.json(['mcp', 'task', 'gone'])).document.error).toMatchObject({ code: 'invalid-input', message: 'No MCP task gone is open.' });
  expect((await cli.json<{ items: unknown[] }>(['runs', 'list'])).document.items).toEqual([]);
});

test('a server that is not configured is told before anything is recorded', async () => {
  using cli = new CommandLine(configured);
  for (const args of [['icons', 'note'], ['read', 'note', 'notes://today']]) {
    expect(await cli.json(['mcp', ...args])).toMatchObject({ code: 2, document: { error: { code: 'mcp-not-configured', hint: expect.stringContaining('notes') as string } } });
  }
  expect((await cli.json<{ items: unknown[] }>(['runs', 'list'])).document.items).toEqual([]);
});

test('one tool is shown with its declaration, and arguments by a wrong name are told with those that it takes', async () => {
  using cli = new CommandLine({ '.vscode/mcp.json': JSON.stringify({ servers: { everything: { command: process.execPath, args: [everythingScript] } } }) });
  expect((await cli.run(['mcp', 'tools', 'everything', 'get-sum'])).stdout).toMatch(/"get-sum"\(args: \{[\s\S]*a: number;[\s\S]*b: number;[\s\S]*Promise<McpContent>/);
  expect(await cli.json(['mcp', 'tools', 'everything', 'get-sums'])).toMatchObject({ document: { error: { code: 'tool-not-found', hint: 'Did you mean get-sum?' } } });
  const { document } = await cli.json(['mcp', 'call', 'everything', 'echo', '--input', '{"mesage":"hello"}']);
  expect(document.error).toMatchObject({ code: 'invalid-input', hint: expect.stringContaining('It has no argument "mesage". Did you mean message? It takes message.') as string });
});

test('an input without a value is told with the variable that gives it, and one with a default takes that', async () => {
  const server = { command: process.execPath, args: [fixture('asking.mjs'), 'modern'], env: { WHO: '${input:who}' } };
  const cli = (input: object) => new CommandLine({ '.vscode/mcp.json': JSON.stringify({ inputs: [{ id: 'who', type: 'promptString', ...input }], servers: { notes: server } }) });
  using without = cli({});
  expect(await without.json(['mcp', 'tools', 'notes'])).toMatchObject({ code: 2, document: { error: { message: expect.stringContaining('"env.WHO"') as string, hint: 'Set the environment variable ASSASSIN_INPUT_WHO.' } } });
  expect((await without.run(['mcp', 'tools', 'notes'], { ASSASSIN_INPUT_WHO: 'Ada' })).code).toBe(0);
  using otherwise = cli({ default: 'Ada' });
  expect(await otherwise.run(['mcp', 'tools', 'notes'])).toMatchObject({ code: 0, stderr: '' });
});

test('an error that a server answers with is told in its words, without numbers of the protocol and what it wrote at its start', async () => {
  using cli = new CommandLine({ '.vscode/mcp.json': JSON.stringify({ servers: { everything: { command: process.execPath, args: [everythingScript] } } }) });
  expect((await cli.json(['mcp', 'read', 'everything', 'demo://nope'])).document.error).toMatchObject({ message: expect.stringMatching(/failed: Resource demo:\/\/nope not found\.?$/) as string, hint: 'Compare it with what the server lists.' });
});
