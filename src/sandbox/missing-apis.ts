/** What to use in a sandbox in place of what Node or a browser would offer. Names of globals that do not exist there. */
const globals: Readonly<Record<string, string>> = {
  fetch: "There is no network here: import { http } from 'assassin' and call http.get or http.request.",
  XMLHttpRequest: "There is no network here: import { http } from 'assassin' and call http.get or http.request.",
  WebSocket: "There is no network here: import { http } from 'assassin', or { browser } for a page that uses web sockets.",
  Headers: "There is no network here: import { http } from 'assassin'; its headers are a plain object.",
  Request: "There is no network here: import { http } from 'assassin' and call http.request.",
  Response: "There is no network here: import { http } from 'assassin' and call http.request.",
  FormData: "There is no network here: import { http } from 'assassin' and send JSON or text.",
  process: 'There is no process here: what a chain needs comes in as its input.',
  require: "There is no require here: use import, of 'assassin' or of a file next to the chain.",
  module: 'There is no CommonJS here: use export.',
  exports: 'There is no CommonJS here: use export.',
  __dirname: "There is no file system here: import { workspace } from 'assassin'; its paths are relative to the workspace folder.",
  __filename: "There is no file system here: import { workspace } from 'assassin'; its paths are relative to the workspace folder.",
  Buffer: 'There is no Buffer here: use Uint8Array with TextEncoder and TextDecoder.',
  global: 'Its name here is globalThis.',
  window: "There is no page here: import { browser } from 'assassin' and open one.",
  document: "There is no page here: import { browser } from 'assassin' and open one.",
  navigator: "There is no page here: import { browser } from 'assassin' and open one.",
  localStorage: "Nothing is kept between runs: import { workspace } from 'assassin' and write a file.",
  setImmediate: 'Use setTimeout(f, 0) or queueMicrotask(f).',
  Worker: 'There are no threads here: await several calls with Promise.all.',
  WebAssembly: 'There is no WebAssembly here: use plain JavaScript.',
  Intl: 'There is no Intl here: format numbers and dates with plain JavaScript.',
  Temporal: 'There is no Temporal here: use Date.',
  Deno: 'There is no Deno here: see what \'assassin\' exports.',
  Bun: 'There is no Bun here: see what \'assassin\' exports.',
};

const nodeModules: Readonly<Record<string, string>> = {
  fs: "There is no file system here: import { workspace } from 'assassin'.",
  'fs/promises': "There is no file system here: import { workspace } from 'assassin'.",
  http: "There is no network here: import { http } from 'assassin'.",
  https: "There is no network here: import { http } from 'assassin'.",
  http2: "There is no network here: import { http } from 'assassin'.",
  net: "There is no network here: import { http } from 'assassin'.",
  tls: "There is no network here: import { http } from 'assassin'.",
  dns: "There is no network here: import { http } from 'assassin'.",
  child_process: "No program can be started here: import { mcp } from 'assassin' and call a tool.",
  worker_threads: 'There are no threads here: await several calls with Promise.all.',
  process: 'There is no process here: what a chain needs comes in as its input.',
  crypto: 'There is no Node crypto here: use crypto.randomUUID and crypto.getRandomValues with the grant "random".',
  buffer: 'There is no Buffer here: use Uint8Array with TextEncoder and TextDecoder.',
  url: 'URL and URLSearchParams are globals here; nothing needs to be imported.',
  timers: 'setTimeout is a global here; nothing needs to be imported.',
  'timers/promises': 'Use new Promise((resolve) => setTimeout(resolve, ms)).',
  puppeteer: "Import { browser } from 'assassin' and open a page.",
  'puppeteer-core': "Import { browser } from 'assassin' and open a page.",
  playwright: "Import { browser } from 'assassin' and open a page.",
  axios: "Import { http } from 'assassin'.",
  'node-fetch': "Import { http } from 'assassin'.",
};

const ownEntry = (table: Readonly<Record<string, string>>, name: string): string | undefined => (Object.hasOwn(table, name) ? table[name] : undefined);

/** What to use instead of the global that an engine's "x is not defined" names; undefined where the message is about something else. */
export function insteadOfGlobal(errorName: string, message: string): string | undefined {
  const name = errorName === 'ReferenceError' ? /^'?([\w$]+)'? is not defined$/.exec(message)?.[1] : undefined;
  return name === undefined ? undefined : ownEntry(globals, name);
}

/** The sentence with which an import of something that does not exist fails. */
export function missingModule(specifier: string, importer: string): string {
  const bare = specifier.replace(/^node:/, '');
  const instead = ownEntry(nodeModules, bare)
    ?? (bare === specifier ? "A chain can import 'assassin' and files next to it." : "There is no Node here: see what 'assassin' exports.");
  return `There is no module "${specifier}" for ${importer} to import. ${instead}`;
}
