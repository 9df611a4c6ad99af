import { ownEntry } from '../shared/own-entry.ts';
import { insteadOfNode } from './missing-node-modules.ts';

function onlyRequests(name: string, instead: string): string {
  return `Only functions that answer requests have ${name}; elsewhere ${instead}`;
}

/** What to use in a sandbox in place of what Node or a browser would offer. Names of globals that do not exist there. */
const globals: Readonly<Record<string, string>> = {
  fetch: "There is no network here: import { http } from 'assassin' and call http.get or http.request.",
  XMLHttpRequest: "There is no network here: import { http } from 'assassin' and call http.get or http.request.",
  WebSocket: "There is no network here: import { http } from 'assassin', or { browser } for a page that uses web sockets.",
  Headers: onlyRequests('Headers', "the headers of http, which 'assassin' exports, are a plain object."),
  Request: onlyRequests('Request', "import { http } from 'assassin' and call http.request."),
  Response: onlyRequests('Response', "import { http } from 'assassin' and call http.request."),
  FormData: onlyRequests('FormData', "import { http } from 'assassin' and send JSON or text."),
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
  EventSource: "There is no network here: import { http } from 'assassin', or { browser } for a page that uses events of a server.",
  Blob: onlyRequests('Blob', 'use text, or Uint8Array.'),
  File: onlyRequests('File', "import { workspace } from 'assassin' and read or write a file."),
  ReadableStream: onlyRequests('ReadableStream', 'use async generators.'),
  WritableStream: 'There are no streams to write to here: use async generators.',
  TransformStream: 'There are no streams to write to here: use an async generator over what is read.',
  CompressionStream: 'There are no streams here, and nothing is compressed.',
  DecompressionStream: 'There are no streams here, and nothing is compressed.',
  MessageChannel: 'There are no threads here: await several calls with Promise.all.',
  MessagePort: 'There are no threads here: await several calls with Promise.all.',
  BroadcastChannel: 'There are no threads here: await several calls with Promise.all.',
  clearImmediate: 'Use setTimeout and clearTimeout.',
  requestAnimationFrame: 'There is no page here: use setTimeout.',
  SharedArrayBuffer: 'There are no threads to share memory with: use ArrayBuffer.',
  FinalizationRegistry: "It would make runs impossible to repeat: use 'using' to end things.",
  HTMLElement: "There is no page here: import { browser } from 'assassin' and open one.",
  Element: "There is no page here: import { browser } from 'assassin' and open one.",
  Node: "There is no page here: import { browser } from 'assassin' and open one.",
  DOMParser: "There is no page here: import { browser } from 'assassin', open a page and call page.extract.",
  location: "There is no page here: import { browser } from 'assassin'; a page has its address in page.url.",
  history: "There is no page here: import { browser } from 'assassin' and open one.",
  self: 'Its name here is globalThis.',
  top: "There is no page here: import { browser } from 'assassin' and open one.",
  alert: "There is no page here: import { log } from 'assassin'.",
  confirm: "There is no page here: import { ask } from 'assassin'.",
  prompt: "There is no page here: import { ask } from 'assassin'.",
  sessionStorage: "Nothing is kept between runs: import { workspace } from 'assassin' and write a file.",
  indexedDB: "Nothing is kept between runs: import { workspace } from 'assassin' and write a file.",
  caches: "Nothing is kept between runs: import { workspace } from 'assassin' and write a file.",
  XMLSerializer: "There is no page here: import { browser } from 'assassin' and open one.",
  MutationObserver: "There is no page here: import { browser } from 'assassin' and call page.waitFor.",
  URLPattern: 'There is no URLPattern here: use URL and a regular expression.',
  CryptoKey: 'There is no Web Crypto here beyond crypto.randomUUID and crypto.getRandomValues.',
  DOMException: 'There is no DOMException here: use Error.',
  CustomEvent: 'There is no CustomEvent here: extend Event.',
  Atomics: 'There are no threads to share memory with: await several calls with Promise.all.',
  reportError: 'Use console.error(error), or throw it.',
  Bun: 'There is no Bun here: see what \'assassin\' exports.',
};

/** Families of globals, for names that are not in the table. */
const families: readonly (readonly [pattern: RegExp, instead: string])[] = [
  [/^((Readable|Writable|Transform)\w*(Stream|Controller|Reader|Writer|Request)|(ByteLength|Count)QueuingStrategy|Text(En|De)coderStream)$/, 'There are no streams of this kind here: use async generators.'],
  [/^Performance(Entry|Mark|Measure|Observer|ObserverEntryList|ResourceTiming)?$/, 'performance has now() and timeOrigin here, and nothing else.'],
  [/^(Message|Close)Event$/, 'There are no threads and no web sockets here: await calls of \'assassin\'.'],
  [/^(Subtle)?Crypto$/, 'There is no Web Crypto here beyond crypto.randomUUID and crypto.getRandomValues.'],
  [/^Navigator$/, "There is no page here: import { browser } from 'assassin' and open one."],
  [/^(Async)?DisposableStack$|^SuppressedError$/, 'The engine quickjs-emscripten does not have it: use try and finally, or choose the engine quickjs-wasi.'],
];


/** What to use instead of the global that an engine's "x is not defined" names; undefined where the message is about something else. */
export function insteadOfGlobal(errorName: string, message: string): string | undefined {
  const name = errorName === 'ReferenceError' ? /^'?([\w$]+)'? is not defined$/.exec(message)?.[1] : undefined;
  return name === undefined ? undefined : insteadOfName(name);
}

/** As `insteadOfGlobal`, of the bare name. */
export function insteadOfName(name: string): string | undefined {
  return ownEntry(globals, name) ?? families.find(([pattern]) => pattern.test(name))?.[1];
}

/** What to use instead of a module of Node or a package that cannot work here; a general sentence where there is nothing in particular. */
export function insteadOfModule(specifier: string): string {
  return insteadOfNode(specifier) ?? "See what 'assassin' exports.";
}

/** The sentence with which an import of something that does not exist fails. */
export function missingModule(specifier: string, importer: string): string {
  const bare = specifier.replace(/^node:/, '');
  const instead = insteadOfNode(bare)
    ?? (bare === specifier ? "A chain can import 'assassin' and files next to it." : "There is no Node here: see what 'assassin' exports.");
  return `There is no module "${specifier}" for ${importer} to import. ${instead}`;
}
