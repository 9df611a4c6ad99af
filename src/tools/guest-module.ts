import { guestModuleCalls } from './guest-module-calls.ts';
import { guestModuleValues } from './guest-module-values.ts';

/** The name under which programs import their tools. */
export const guestModuleName = 'assassin';

/** The module that the sandbox calls: it runs the program's function and sees to calls that nobody waited for. */
export const guestEntryName = 'assassin:entry';

/** `module` is the name of the program's module, `exportName` the function of it to call. */
export function guestEntrySource(module: string, exportName: string): string {
  return `import * as program from ${JSON.stringify(`./${module}`)};
import { __finish } from 'assassin';
export default async (...args) => {
  const called = program[${JSON.stringify(exportName)}];
  if (typeof called !== 'function') throw new TypeError(${JSON.stringify(`"${exportName}" is not a function, but of type `)} + typeof called + '.');
  const value = await called.apply(program, args);
  await __finish();
  return value;
};
`;
}

/**
 * The JavaScript of module `assassin`. Every call goes to the host by name with JSON, synchronously up to the call itself: the stack of an error
 * then still names the line of the program that called. What it needs of the language it takes before the program can change it.
 */
export const guestModuleSource = String.raw`
import { call, callNumber, onAnswer, unansweredCall } from 'assassin:host';

const { apply } = Reflect;
const { isArray } = Array;
const { create, freeze, getOwnPropertyDescriptor } = Object;
const { parse, stringify } = JSON;
const { then } = Promise.prototype;
const { AbortSignal } = globalThis;
const { toString: sourceOf } = Function.prototype;

/** Held by this module alone: with it objects are made that no program can make. */
const only = freeze({});

${guestModuleCalls}
${guestModuleValues}
/** An error whose stack names the line that called, for failures that show only later. */
function failure() {
  const error = new Error();
  return (message) => {
    error.message = message;
    return error;
  };
}

/** Values as the arguments of a call in source text. */
function listed(values) {
  let text = '';
  for (let i = 0; i < values.length; i++) text += (i === 0 ? '' : ', ') + (stringify(values[i]) ?? 'undefined');
  return text;
}

class Page {
  #id;
  #at;
  constructor(key, id, at) {
    if (key !== only) throw new TypeError('A page is opened with browser.open(url).');
    this.#id = id;
    this.#at = at;
  }
  get url() { return this.#at.url; }
  get title() { return this.#at.title; }
  get status() { return this.#at.status; }
  async goto(url, options) {
    this.#at = await start('page.goto', { ...options, page: this.#id, url });
    return this;
  }
  text(selector) { return start('page.text', { page: this.#id, selector }); }
  html(selector) { return start('page.html', { page: this.#id, selector }); }
  links(selector) { return start('page.links', { page: this.#id, selector }); }
  extract(shape) { return start('page.extract', { page: this.#id, shape }); }
  async #act(name, args) {
    const result = await start(name, { ...args, page: this.#id });
    this.#at = { ...this.#at, url: result.url, status: result.status };
    return result;
  }
  click(selector, options) { return this.#act('page.click', { ...options, selector }); }
  doubleClick(selector, options) { return this.#act('page.click', { ...options, selector, count: 2 }); }
  hover(selector, options) { return this.#act('page.hover', { ...options, selector }); }
  drag(selector, target, options) { return this.#act('page.drag', { ...options, ...(typeof target === 'string' ? { to: target } : target), selector }); }
  scroll(target, options) { return this.#act('page.scroll', { ...options, ...(typeof target === 'string' ? { selector: target } : target) }); }
  type(selector, text, options) { return this.#act('page.type', { ...options, selector, text }); }
  fill(selector, value, options) { return this.#act('page.fill', { ...options, selector, value }); }
  select(selector, values, options) { return this.#act('page.select', { ...options, selector, values }); }
  press(key, options) { return this.#act('page.press', { ...options, key }); }
  upload(selector, files, options) { return this.#act('page.upload', { ...options, selector, files: typeof files === 'object' && files !== null && 'length' in files ? files : [files] }); }
  download(selector, options) { return start('page.download', { ...options, page: this.#id, selector }); }
  pdf(options) { return start('page.pdf', { ...options, page: this.#id }); }
  har() { return start('page.har', { page: this.#id }); }
  logs(options) { return start('page.logs', { ...options, page: this.#id }); }
  frames() { return start('page.frames', { page: this.#id }); }
  dialogs(answer) { return start('page.dialogs', { ...answer, page: this.#id }); }
  async emulate(options) { await start('page.emulate', { ...options, page: this.#id }); }
  saveState(options = {}) { return start('page.saveState', { page: this.#id, ...options }); }
  loadState(state) { return start('page.loadState', { page: this.#id, state: typeof state === 'string' ? state : state.state }); }
  async startTrace(options) { await start('page.startTrace', { ...options, page: this.#id }); }
  stopTrace() { return start('page.stopTrace', { page: this.#id }); }
  async popup(options) {
    const { page, ...at } = await start('page.popup', { ...options, page: this.#id });
    return new Page(only, page, at);
  }
  async waitFor(condition, options) {
    const wanted = typeof condition === 'string' ? { selector: condition } : typeof condition === 'number' ? { ms: condition } : typeof condition === 'function' ? { expression: apply(sourceOf, condition, []) } : condition;
    await start('page.waitFor', { ...options, ...wanted, page: this.#id });
  }
  evaluate(code, ...args) {
    const expression = typeof code !== 'function' ? code : '(' + apply(sourceOf, code, []) + ')(' + listed(args) + ')';
    return start('page.evaluate', { page: this.#id, expression });
  }
  screenshot(options) { return start('page.screenshot', { ...options, page: this.#id }); }
  snapshot(options) { return start('page.snapshot', { ...options, page: this.#id }); }
  async close() { await start('page.close', { page: this.#id }); }
  async [Symbol.asyncDispose]() { await start('page.close', { page: this.#id }); }
}
freeze(Page);
freeze(Page.prototype);

export const browser = freeze({
  async open(url, options) {
    const { page, ...at } = await start('browser.open', { ...options, url });
    return new Page(only, page, at);
  },
  verify: (url, options) => start('browser.verify', { ...options, url }),
  verifyServer: (argv, options) => start('browser.verifyServer', { ...options, argv }),
});

/** So many names are kept: a program that makes up more of them has what it asks for made each time. */
const maxNames = 1000;

/** An object that answers to any name. Not to "then", or it could not be handed through an await, and not to "toJSON". */
function named(make) {
  const made = create(null);
  let count = 0;
  const get = (_target, name) => {
    const known = made[name];
    if (known !== undefined) return known;
    if (typeof name !== 'string' || name === 'then' || name === 'toJSON') return undefined;
    const value = make(name);
    if (count++ < maxNames) made[name] = value;
    return value;
  };
  return new Proxy(freeze(create(null)), { __proto__: null, get });
}

function toolNamed(name) {
  return freeze((args) => start(name, args === undefined ? {} : args));
}

export const mcp = named((server) => named((tool) => toolNamed('mcp.' + server + '.' + tool)));

export const resources = freeze({
  list: (server) => start('resources.list', { server }),
  read: (server, uri) => start('resources.read', { server, uri }),
  changed: (server, uri, options) => start('resources.changed', { ...options, server, uri }),
});

export const prompts = freeze({
  list: (server) => start('prompts.list', { server }),
  get: (server, prompt, args) => start('prompts.get', { server, prompt, arguments: args }),
  complete: (server, argument) => start('prompts.complete', { ...argument, server }),
});

export const skills = freeze({
  list: (server) => start('skills.list', { server }),
  read: (server, skill, file) => start('skills.read', { server, skill, file }),
});

export const tasks = freeze({
  open: () => start('tasks.open', {}),
  result: (id) => start('tasks.result', { id }),
});

export const catalogue = freeze({ search: (query, options) => start('catalogue.search', { ...options, query }) });

export const workspace = freeze({
  readFile: (path) => start('workspace.readFile', { path }),
  readPicture: (path) => start('workspace.readPicture', { path }),
  writeFile: (path, content, options) => start('workspace.writeFile', { ...options, path, content }),
  edit: (path, edits, options) => start('workspace.edit', { ...options, path, edits }),
  list: (path) => start('workspace.list', { path }),
  exists: (path) => start('workspace.exists', { path }),
  search: (pattern, options) => start('workspace.search', { ...options, pattern }),
  files: (folder, options) => start('workspace.files', { ...options, folder }),
  symbols: (query, path) => start('workspace.symbols', { query, path }),
  definitions: (path, line, column) => start('workspace.definitions', { path, line, column }),
  references: (path, line, column) => start('workspace.references', { path, line, column }),
  problems: (path) => start('workspace.problems', { path }),
});

export const exec = (argv, options) => start('exec.run', { ...options, argv });

function ok({ status }) {
  return status >= 200 && status <= 299;
}

function withBody(url, body, options) {
  if (typeof body === 'string' || body === undefined || body instanceof BigValue) return { ...options, url, method: 'POST', body };
  return { ...options, url, method: 'POST', body: stringify(body), headers: { 'content-type': 'application/json', ...options?.headers } };
}

export const http = freeze({
  request: (request) => start('http.request', request),
  get: (url, options) => start('http.request', { ...options, url, method: 'GET' }),
  post: (url, body, options) => start('http.request', withBody(url, body, options)),
  async getJson(url, options) {
    const failed = failure();
    const answer = await start('http.request', { ...options, url, method: 'GET', headers: { accept: 'application/json', ...options?.headers } });
    if (!ok(answer)) throw failed(answer.url + ' answered ' + answer.status + '.');
    try {
      return parse(answer.body);
    } catch {
      throw failed(answer.url + ' did not answer with JSON.');
    }
  },
});

export const model = freeze({ ask: (prompt, options) => start('model.ask', { ...options, prompt }) });

export const agents = freeze({
  list: () => start('agents.list', {}),
  run: (agent, task, options) => start('agents.run', { ...options, agent, task }),
  chain: (names, task) => start('agents.chain', { agents: names, task }),
  parallel: (names, task) => start('agents.parallel', { agents: names, task }),
  route: (names, task) => start('agents.route', { agents: names, task }),
  reflect: (worker, judge, task, options) => start('agents.reflect', { ...options, worker, judge, task }),
});

export const topics = freeze({
  define: (topic, schema) => start('topics.define', { topic, schema }),
  publish: (topic, message) => start('topics.publish', { topic, message }),
  read: (topic, options) => start('topics.read', { ...options, topic }),
});

export const memory = freeze({
  remember: (text, options) => start('memory.remember', { ...options, text }),
  recall: (query) => start('memory.recall', { query }),
});

function shown(value) {
  if (typeof value === 'string') return value;
  if (value instanceof Error) return value.name + ': ' + value.message;
  try {
    return stringify(value) ?? '' + value;
  } catch {
    return typeof value;
  }
}

function write(level, values) {
  let message = '';
  for (let i = 0; i < values.length; i++) message += (i === 0 ? '' : ' ') + shown(values[i]);
  send('log', { level, message });
}

export const log = (...values) => write('info', values);
log.debug = (...values) => write('debug', values);
log.warn = (...values) => write('warn', values);
log.error = (...values) => write('error', values);
freeze(log);

export const progress = (message, fraction) => send('progress', { message: shown(message), fraction });

export const ask = (question) => start('run.ask', { question });
`;
