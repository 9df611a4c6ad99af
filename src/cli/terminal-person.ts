import { problemOf, valueOf, type FormField } from '../mcp/requests/form-fields.ts';
import type { FormAnswer, FormRequest, McpPerson, SamplingReview, VisitRequest } from '../mcp/requests/person.ts';
import type { Json } from '../shared/json.ts';
import { oneLine } from './text.ts';
import type { AskLine } from './terminal-questions.ts';
import type { Terminal } from './terminal.ts';

/** Nobody whom a question could be put to. Servers offer some tools only where they may ask: a look at one must see what a run sees, else the run takes them for new. */
export const nobody: McpPerson = {
  canAsk: false,
  form: () => Promise.resolve({ action: 'cancel' }),
  visit: () => Promise.resolve('cancel'),
  review: () => Promise.resolve(false),
};

/** What MCP servers ask of the person, on the terminal. Each question says which server asks; what the server says has lines of its own. */
export function terminalPerson(terminal: Pick<Terminal, 'canAsk' | 'note'>, ask: AskLine): McpPerson {
  if (!terminal.canAsk) return nobody;
  return { canAsk: true, form: (request) => form(terminal, ask, request), visit: (request) => visit(ask, request), review: (request) => review(ask, request) };
}

async function form(terminal: Pick<Terminal, 'note'>, ask: AskLine, { server, message, fields, signal }: FormRequest): Promise<FormAnswer> {
  const first = await ask(`The MCP server ${oneLine(server)} asks you for ${fields.length === 1 ? 'a value' : `${fields.length} values`}:\n  ${oneLine(message)}\nAnswer it? [y/N] `, signal);
  if (first === undefined) return { action: 'cancel' };
  if (!/^y(es)?$/i.test(first.trim())) return { action: 'decline' };
  const content: Record<string, Json> = {};
  for (const field of fields) {
    const value = await fieldValue(terminal, ask, field, signal);
    if (value === 'cancelled') return { action: 'cancel' };
    if (value.given !== undefined) content[field.name] = value.given;
  }
  return { action: 'accept', content };
}

async function fieldValue(terminal: Pick<Terminal, 'note'>, ask: AskLine, field: FormField, signal: AbortSignal): Promise<{ readonly given: Json | undefined } | 'cancelled'> {
  for (;;) {
    const line = await ask(promptOf(field), signal);
    if (line === undefined) return 'cancelled';
    const given = valueOf(field, line) ?? field.initial;
    const problem = problemOf(field, given);
    if (problem === undefined) return { given };
    terminal.note(`  ${problem}`);
  }
}

function promptOf(field: FormField): string {
  const lines = [
    `${oneLine(field.title)}${field.required ? '' : ' (may stay empty)'}`,
    ...(field.description === undefined ? [] : [`  ${oneLine(field.description)}`]),
    ...('choices' in field ? field.choices.map(({ label, value }, i) => `  ${i + 1}  ${oneLine(label)}${label === value ? '' : ` (${oneLine(value)})`}`) : []),
    ...(field.type === 'many' ? ['  several, with commas between them'] : []),
  ];
  const hint = field.type === 'boolean' ? ' [yes/no]' : '';
  const initial = field.initial === undefined ? '' : ` [${oneLine(Array.isArray(field.initial) ? field.initial.join(',') : String(field.initial))}]`;
  return `${lines.join('\n')}${hint}${initial}: `;
}

/** The address is not opened from here: whoever wants it, opens it where they can see where it leads. */
async function visit(ask: AskLine, { server, message, url, domain, warnings, signal }: VisitRequest): Promise<FormAnswer['action']> {
  const line = await ask([
    `The MCP server ${oneLine(server)} wants you to open an address:`, `  ${oneLine(message)}`, `  domain:  ${oneLine(domain)}`, `  address: ${oneLine(url)}`,
    ...warnings.map((warning) => `  warning: ${warning}`),
    'Open it in your browser if you trust it. Will you? [y/N] ',
  ].join('\n'), signal);
  return line === undefined ? 'cancel' : /^y(es)?$/i.test(line.trim()) ? 'accept' : 'decline';
}

async function review(ask: AskLine, { server, model, system, messages, tools, maxTokens, signal }: SamplingReview): Promise<boolean> {
  const indented = (text: string) => text.split('\n').map((each) => `    ${oneLine(each)}`).join('\n');
  const line = await ask([
    `The MCP server ${oneLine(server)} wants to ask ${oneLine(model)} (at most ${maxTokens} tokens of answer, which the server gets):`,
    ...(system === undefined ? [] : ['  system:', indented(system)]),
    ...messages.flatMap(({ role, text }) => [`  ${role}:`, indented(text)]),
    ...(tools.length === 0 ? [] : [`  with the server's tools: ${tools.map(oneLine).join(', ')}`]),
    'Allow this question? [y/N] ',
  ].join('\n'), signal);
  return line !== undefined && /^y(es)?$/i.test(line.trim());
}
