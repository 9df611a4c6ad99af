import { netAction } from '../policy/action.ts';
import { parseGrant, permits } from '../policy/grant.ts';
import { hiddenValue, secretField } from '../policy/secret-fields.ts';
import { isSecretReference, secretReference, secretsIn } from '../policy/secret-references.ts';
import { AssassinError } from '../shared/errors.ts';
import type { EventOf, JournalEvent } from '../shared/events.ts';
import { isObject, type Json, type JsonObject, type StoredValue } from '../shared/json.ts';
import { wholeValue } from '../store/whole-value.ts';
import { chainFolder } from './chain-file.ts';
import { chainSlug, grantText, type FreezeOptions, type FrozenChain } from './freeze.ts';
import { inputSchemaOf, type LiftedInput } from './lift-inputs.ts';
import { isReading, isReplayed, statementOf, type RecordedCall } from './page-calls.ts';

/**
 * Makes a chain of what a run did with pages: its calls in their order, with selectors that hold elsewhere, addresses and texts as inputs, and secrets by name. It
 * needs no model. `undefined` where the run used no page. Throws `chain-invalid` naming the call that cannot be done again.
 */
export async function freezePages({ events, workspace, readBlob, name }: FreezeOptions): Promise<FrozenChain | undefined> {
  const created = events.find((event): event is EventOf<'run.created'> => event.type === 'run.created');
  const all = await callsOf(events, readBlob);
  // The end of the run closes its pages; what was read last is the result.
  const steps = all.slice(0, all.findLastIndex(({ tool }) => tool !== 'page.close') + 1);
  const last = steps.at(-1);
  const used = steps.filter((step) => isReplayed(step.tool) || (step === last && isReading(step.tool)));
  if (created === undefined || !used.some(({ tool }) => tool === 'browser.open' || tool === 'browser.verify')) return undefined;
  const lifting = new Lifting();
  const lines: string[] = [];
  for (const [i, step] of used.entries()) {
    refuse(step);
    const statement = statementOf(step, lifting);
    if (statement === undefined) continue;
    const result = i === used.length - 1 && !statement.startsWith('const ') && step.tool !== 'page.waitFor';
    lines.push(`  ${result ? statement.replace(/^await /, 'return await ') : statement};`);
    const path = arrivedAt(step);
    // Where the recording came to another page, a replay that stays behind has failed, and here it says so.
    if (!result && path !== undefined) lines.push(`  await ${lifting.page(String(step.input['page']))}.waitFor({ url: ${JSON.stringify(path)} });`);
  }
  const ids = new Set(used.map(({ step }) => step));
  const actions = events.flatMap((event) => (event.type === 'decision' && event.outcome === 'allowed' && (event.action.startsWith('net ') || (event.step !== undefined && ids.has(event.step))) ? [event.action] : []));
  const grants = [...new Set([...actions.map((action) => grantText(action, workspace)), ...lifting.secrets.map((secret) => `secret ${secret}`), ...reached(events, created.grants, workspace), ...handedOver(used)])].sort();
  for (const grant of grants) parseGrant(grant, workspace);
  const { inputs } = lifting;
  const meta = {
    title: name ?? created.title, description: `Recorded from ${created.run}. It needs no model.`, grants, frozenFrom: { run: created.run, tokens: 0 },
    ...(inputs.length === 0 ? {} : { input: inputSchemaOf(inputs) }),
  };
  const parameter = inputs.length === 0 ? '' : `input: { ${inputs.map(({ name: field, value }) => `${field}: ${typeof value}`).join('; ')} }`;
  const text = `import { browser } from 'assassin';\n\nexport const meta = ${JSON.stringify(meta, null, 2)};\n\nexport default async function (${parameter}) {\n${lines.join('\n')}\n}\n`;
  return { path: `${chainFolder}/${name ?? chainSlug(created.title)}.ts`, grants, inputs, text, secrets: lifting.secrets };
}

/** Those grants of the run for other hosts that its pages made use of by themselves, which no decision tells. */
function reached(events: readonly JournalEvent[], granted: readonly string[], workspace: string): readonly string[] {
  const hosts = events.flatMap((event) => (event.type === 'egress.used' ? event.hosts.filter(({ requests }) => requests > 0).map(({ host }) => host) : []));
  const actions = hosts.flatMap((host) => ['https', 'http'].flatMap((scheme) => URL.parse(`${scheme}://${host}`) ?? [])).map(netAction);
  return granted.filter((text) => text.startsWith('net ') && actions.some((action) => permits(parseGrant(text, workspace), action)));
}

/** Files that a person chose in a recording: the chain reads what nobody had to read then. */
function handedOver(used: readonly Step[]): readonly string[] {
  return used.flatMap(({ tool, input }) => (tool === 'page.upload' && Array.isArray(input['files']) ? input['files'].flatMap((file: Json) => (typeof file === 'string' ? [`fs.read ${file}`] : [])) : []));
}

interface Step extends RecordedCall {
  readonly step: string;
}

/** The calls of page tools that ended well, in the order in which they began. What failed was tried again some other way, or was not needed. */
async function callsOf(events: readonly JournalEvent[], readBlob: FreezeOptions['readBlob']): Promise<readonly Step[]> {
  const ended = new Map(events.flatMap((event) => (event.type === 'step.ended' && event.status === 'ok' ? [[event.step, event] as const] : [])));
  const started = events.filter((event): event is EventOf<'step.started'> => event.type === 'step.started' && event.kind === 'browser' && /^(browser|page)\./.test(event.name) && ended.has(event.step));
  return Promise.all(started.map(async ({ step, name, input }) => ({ step, tool: name, input: asObject(await valueOf(input, readBlob)), output: await valueOf(ended.get(step)?.output, readBlob) })));
}

async function valueOf(value: StoredValue | undefined, readBlob: FreezeOptions['readBlob']): Promise<Json> {
  return value === undefined ? null : wholeValue(value, readBlob);
}

const asObject = (value: Json): JsonObject => (isObject(value) ? value : {});

function refuse({ tool, input, output }: Step): void {
  const selector = input['selector'];
  if (typeof selector === 'string' && /^(ref=)?e\d+$/.test(selector) && typeof asObject(output)['selector'] !== 'string') {
    throw new AssassinError('chain-invalid', `${tool} used ${selector}, which means something in that run only.`, { hint: 'Do it again with a selector such as role=button "Send" in place of the reference.' });
  }
  const files = input['files'];
  if (Array.isArray(files) && files.some((each: Json) => asObject(each)['blob'] !== undefined)) {
    throw new AssassinError('chain-invalid', `${tool} handed over a file that only that run had.`, { hint: 'Upload a file of the workspace by its path.' });
  }
}

/** The path to which an action led, where it does not look as if it were another one each time. */
function arrivedAt({ input, output }: Step): string | undefined {
  const { navigated, url } = asObject(output);
  const path = navigated === true && typeof url === 'string' && input['page'] !== undefined ? URL.parse(url)?.pathname : undefined;
  return path === undefined || path === '/' || /\d/.test(path) ? undefined : path;
}

/** Gives names to what a recording used: pages, states, inputs and secrets. */
class Lifting {
  readonly inputs: LiftedInput[] = [];
  readonly secrets: string[] = [];
  readonly #pages = new Map<string, string>();
  readonly #states = new Map<string, string>();

  readonly page = (id: string): string => {
    const known = this.#pages.get(id);
    if (known === undefined) throw new AssassinError('chain-invalid', `The page ${id} was opened by a call that did not end well.`, { hint: 'Record it again.' });
    return known;
  };
  readonly newPage = (id: string): string => this.#put(this.#pages, id, 'page');
  readonly state = (id: string): string => (isSecretReference(id) ? this.value(id, { tool: 'page.loadState' }) : (this.#states.get(id) ?? '""'));
  readonly newState = (id: string): string => {
    // Kept as a secret: writing it takes the same grant as reading it.
    if (isSecretReference(id)) this.value(id, { tool: 'page.saveState' });
    return this.#put(this.#states, id, 'state');
  };

  readonly value = (value: Json, { selector = '', tool }: { readonly selector?: string; readonly tool: string }): string => {
    if ((typeof value !== 'string' && typeof value !== 'number') || (typeof value === 'string' && value.includes('${secret:'))) {
      for (const [, secret = ''] of String(value).matchAll(/\$\{secret:([\w.-]+)\}/g)) this.#secret(secret);
      return JSON.stringify(value);
    }
    const isAddress = tool === 'browser.open' || tool === 'page.goto' || tool === 'browser.verify';
    const called = wordsOf(selector);
    if (!isAddress && (value === hiddenValue || secretField.test(selector) || secretsIn(value).length > 0)) return JSON.stringify(secretReference(this.#secret(called.join('-').toLowerCase() || 'password')));
    return `input.${this.#input(isAddress ? 'url' : camelCase(called), value)}`;
  };

  #put(names: Map<string, string>, id: string, word: string): string {
    const made = names.size === 0 ? word : `${word}${names.size + 1}`;
    names.set(id, made);
    return made;
  }

  #secret(name: string): string {
    if (!this.secrets.includes(name)) this.secrets.push(name);
    return name;
  }

  /** The same value in the same field is one input. */
  #input(wanted: string, value: string | number): string {
    for (let i = 1; ; i++) {
      const name = i === 1 ? wanted : `${wanted}${i}`;
      const known = this.inputs.find((input) => input.name === name);
      if (known?.value === value) return name;
      if (known !== undefined) continue;
      this.inputs.push({ name, value });
      return name;
    }
  }
}

/** The words of a selector that name the field for a person: of role=textbox "First name" the first and the second. */
function wordsOf(selector: string): readonly string[] {
  const named = /^role=\w+ "((?:[^"\\]|\\.)*)"/.exec(selector)?.[1] ?? /^text=(.*)/.exec(selector)?.[1] ?? /\[(?:name|aria-label|placeholder|id)=["']?([^"'\]]+)/.exec(selector)?.[1] ?? /#([\w-]+)[^#]*$/.exec(selector)?.[1] ?? '';
  return (named.match(/[A-Za-z][A-Za-z\d]*/g) ?? []).slice(0, 3);
}

function camelCase(words: readonly string[]): string {
  const name = words.map((word, i) => (i === 0 ? word.toLowerCase() : word.charAt(0).toUpperCase() + word.slice(1).toLowerCase())).join('');
  return name === '' || name === 'constructor' ? 'text' : name;
}
