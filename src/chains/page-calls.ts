import type { Json, JsonObject } from '../shared/json.ts';

/** A call of a page tool as it was recorded. */
export interface RecordedCall {
  readonly tool: string;
  readonly input: JsonObject;
  readonly output: Json;
}

/** Source text in place of recorded values: of pages and states by their ids, and of what became an input. */
export interface Names {
  /** The variable of a page that was opened or taken over. */
  readonly page: (id: string) => string;
  readonly newPage: (id: string) => string;
  readonly state: (id: string) => string;
  readonly newState: (id: string) => string;
  /** The source text of a value of a field. */
  readonly value: (value: Json, field: { readonly selector?: string; readonly tool: string }) => string;
}

type Positional = (input: JsonObject, names: Names, selector: string | undefined) => { readonly method: string; readonly args: readonly string[]; readonly used: readonly string[] };

const source = (value: Json | undefined): string => JSON.stringify(value ?? null);
const onElement = (method: string): Positional => (_input, _names, selector) => ({ method, args: selector === undefined ? [] : [source(selector)], used: ['selector'] });
const withOptions = (method: string): Positional => () => ({ method, args: [], used: [] });
const withField = (method: string, field: string): Positional => (input, names, selector) => ({ method, args: [source(selector), names.value(input[field] ?? null, { tool: `page.${method}`, ...(selector === undefined ? {} : { selector }) })], used: ['selector', field] });
const conditions = ['selector', 'state', 'text', 'url', 'expression', 'idle', 'ms'];

function pick(input: JsonObject, fields: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(input).filter(([name]) => fields.includes(name)));
}

/** How each tool is written in a chain. What is not here only looks, and what it saw is of no use later. */
const calls: Readonly<Record<string, Positional>> = {
  'page.goto': (input, names) => ({ method: 'goto', args: [names.value(input['url'] ?? null, { tool: 'page.goto' })], used: ['url'] }),
  'page.click': (input, _names, selector) => (input['count'] === 2 ? { method: 'doubleClick', args: [source(selector)], used: ['selector', 'count'] } : { method: 'click', args: [source(selector)], used: ['selector'] }),
  'page.hover': onElement('hover'),
  'page.drag': (input, _names, selector) => ({ method: 'drag', args: [source(selector), typeof input['to'] === 'string' ? source(input['to']) : source(pick(input, ['dx', 'dy']))], used: ['selector', 'to', 'dx', 'dy'] }),
  'page.scroll': (input, _names, selector) => ({ method: 'scroll', args: [source({ ...pick(input, ['dx', 'dy', 'until']), ...(selector === undefined ? {} : { selector }) })], used: ['selector', 'dx', 'dy', 'until'] }),
  'page.type': withField('type', 'text'),
  'page.fill': withField('fill', 'value'),
  'page.select': withField('select', 'values'),
  'page.press': (input, _names, selector) => ({ method: 'press', args: [source(input['key']), ...(selector === undefined ? [] : [source({ selector })])], used: ['key', 'selector'] }),
  'page.upload': (input, _names, selector) => ({ method: 'upload', args: [source(selector), source(input['files'])], used: ['selector', 'files'] }),
  'page.download': onElement('download'),
  'page.waitFor': (input, _names, selector) => ({ method: 'waitFor', args: [source({ ...pick(input, conditions), ...(selector === undefined ? {} : { selector }) })], used: conditions }),
  'page.emulate': withOptions('emulate'),
  'page.dialogs': withOptions('dialogs'),
  'page.pdf': withOptions('pdf'),
  'page.extract': (input) => ({ method: 'extract', args: [source(input['shape'])], used: ['shape'] }),
  'page.evaluate': (input) => ({ method: 'evaluate', args: [source(input['expression'])], used: ['expression', 'timeoutMs'] }),
  'page.loadState': (input, names) => ({ method: 'loadState', args: [names.state(String(input['state']))], used: ['state'] }),
  'page.close': withOptions('close'),
};

/** Looking, which only the end of a chain needs: what it saw is its result. */
const reading: Readonly<Record<string, Positional>> = { 'page.text': onElement('text'), 'page.links': onElement('links'), 'page.html': onElement('html') };

export const isReading = (tool: string): boolean => tool in reading;

/** True for what is part of a chain: not what only looked at the page. */
export const isReplayed = (tool: string): boolean => tool in calls || ['browser.open', 'browser.verify', 'page.popup', 'page.saveState'].includes(tool);

/** One call as a statement without its end, `undefined` for a tool that is not replayed. */
export function statementOf({ tool, input, output }: RecordedCall, names: Names): string | undefined {
  const { page, url, ...options } = input;
  const id = field(output, 'page');
  switch (tool) {
    case 'browser.open':
      return id === undefined ? undefined : `const ${names.newPage(id)} = await browser.open(${listed([names.value(url ?? null, { tool })], options)})`;
    case 'browser.verify':
      return `await browser.verify(${listed([names.value(url ?? null, { tool })], options)})`;
    case 'page.popup':
      return id === undefined ? undefined : `const ${names.newPage(id)} = await ${names.page(String(page))}.popup(${listed([], options)})`;
    case 'page.saveState':
      return `const ${names.newState(field(output, 'state') ?? '')} = await ${names.page(String(page))}.saveState(${listed([], options)})`;
    default: {
      const positional = calls[tool] ?? reading[tool];
      if (positional === undefined) return undefined;
      const selector = field(output, 'selector') ?? field(input, 'selector');
      const { method, args, used } = positional(input, names, selector);
      const rest = Object.fromEntries(Object.entries(input).filter(([name]) => name !== 'page' && !used.includes(name)));
      return `await ${names.page(String(page))}.${method}(${listed(args, rest)})`;
    }
  }
}

function listed(args: readonly string[], options: JsonObject): string {
  return [...args, ...(Object.keys(options).length === 0 ? [] : [source(options)])].join(', ');
}

function field(value: Json, name: string): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const found = (value as JsonObject)[name];
  return typeof found === 'string' ? found : undefined;
}
