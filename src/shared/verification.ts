import { isObject, type Json, type JsonObject } from './json.ts';

/** What a check of a page found, as the verify tools give it. */
export interface Verification {
  readonly passed: boolean;
  readonly url: string;
  readonly steps: readonly { readonly name: string; readonly passed: boolean; readonly ms: number; readonly problem: string | null }[];
  readonly screenshots: readonly { readonly name: string; readonly blob: string; readonly bytes: number; readonly mediaType: string }[];
  readonly console: readonly { readonly text: string; readonly url: string; readonly line: number }[];
  readonly network: readonly { readonly method: string; readonly url: string; readonly status: number | null; readonly failure: string | null }[];
  readonly accessibility: readonly { readonly rule: string; readonly impact: string; readonly help: string; readonly helpUrl: string; readonly elements: readonly string[]; readonly count: number }[];
  /** Of a server that was started for it. */
  readonly server?: { readonly command: string; readonly readyMs: number; readonly output: string };
}

/** Fields of a record that another version may have written: what is missing is empty. */
const text = (value: JsonObject, name: string): string => (typeof value[name] === 'string' ? value[name] : '');
const number = (value: JsonObject, name: string): number => (typeof value[name] === 'number' ? value[name] : 0);
const textOrNull = (value: JsonObject, name: string): string | null => (typeof value[name] === 'string' ? value[name] : null);
const objects = (value: Json | undefined): readonly JsonObject[] => (Array.isArray(value) ? value.filter((each: Json) => isObject(each)) : []);
const texts = (value: Json | undefined): readonly string[] => (Array.isArray(value) ? value.filter((each: Json) => typeof each === 'string') : []);

/** The same, read from the record of a run; `undefined` for any other value. */
export function verificationOf(value: Json): Verification | undefined {
  if (!isObject(value) || typeof value['passed'] !== 'boolean' || typeof value['url'] !== 'string') return undefined;
  const lists = ['steps', 'screenshots', 'console', 'network', 'accessibility'];
  if (lists.some((name) => !Array.isArray(value[name]))) return undefined;
  const { server } = value;
  return {
    passed: value['passed'], url: value['url'],
    steps: objects(value['steps']).map((step) => ({ name: text(step, 'name'), passed: step['passed'] === true, ms: number(step, 'ms'), problem: textOrNull(step, 'problem') })),
    screenshots: objects(value['screenshots']).map((each) => ({ name: text(each, 'name'), blob: text(each, 'blob'), bytes: number(each, 'bytes'), mediaType: text(each, 'mediaType') })).filter(({ blob }) => /^[0-9a-f]{64}$/.test(blob)),
    console: objects(value['console']).map((each) => ({ text: text(each, 'text'), url: text(each, 'url'), line: number(each, 'line') })),
    network: objects(value['network']).map((each) => ({ method: text(each, 'method'), url: text(each, 'url'), status: typeof each['status'] === 'number' ? each['status'] : null, failure: textOrNull(each, 'failure') })),
    accessibility: objects(value['accessibility']).map((each) => ({ rule: text(each, 'rule'), impact: text(each, 'impact'), help: text(each, 'help'), helpUrl: text(each, 'helpUrl'), elements: texts(each['elements']), count: number(each, 'count') })),
    ...(isObject(server) ? { server: { command: text(server, 'command'), readyMs: number(server, 'readyMs'), output: text(server, 'output') } } : {}),
  };
}
