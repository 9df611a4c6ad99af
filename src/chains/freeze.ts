import { isAbsolute, relative, sep } from 'node:path';
import { parseGrant } from '../policy/grant.ts';
import { AssassinError } from '../shared/errors.ts';
import type { EventOf, JournalEvent } from '../shared/events.ts';
import type { StoredValue } from '../shared/json.ts';
import { wholeValue } from '../store/whole-value.ts';
import { chainFolder } from './chain-file.ts';
import { inputSchemaOf, liftInputs, type LiftedInput } from './lift-inputs.ts';

export interface FreezeOptions {
  readonly events: readonly JournalEvent[];
  readonly workspace: string;
  readonly readBlob: (hash: string) => Promise<Uint8Array>;
  /** Of the chain; made from the title of the run where absent. */
  readonly name?: string;
}

export interface FrozenChain {
  /** Relative to the workspace. */
  readonly path: string;
  readonly text: string;
  readonly grants: readonly string[];
  /** What of the task can be given anew at each run. */
  readonly inputs: readonly LiftedInput[];
  /** Names of secrets that it needs and that have to be stored before it is run. */
  readonly secrets?: readonly string[];
}

/** What an agent's code did: its source, and what the gate allowed it. */
interface Piece {
  readonly input: StoredValue;
  readonly actions: readonly string[];
}

/**
 * Makes a chain of the code that a model wrote in a task: of the last piece that ended well and did more than read, else of the last that ended well.
 * Its grants are exactly what that piece was allowed to do, and what the task named becomes its input, with the values of the task as defaults. Throws `chain-invalid` where there is none.
 */
export async function freeze({ events, workspace, readBlob, name }: FreezeOptions): Promise<FrozenChain> {
  const created = events.find((event): event is EventOf<'run.created'> => event.type === 'run.created');
  const pieces = piecesOf(events);
  const piece = pieces.findLast(({ actions }) => actions.some((action) => !action.startsWith('fs.read '))) ?? pieces.at(-1);
  if (created?.kind !== 'task' || piece === undefined) {
    throw new AssassinError('chain-invalid', 'This run has no code that could become a chain.', { hint: 'Only tasks in which code of the agent ended well can be frozen.' });
  }
  const code = await sourceOf(piece.input, readBlob);
  if (/^\s*export\s+const\s+meta\b/m.test(code)) throw new AssassinError('chain-invalid', 'The code of this task has a meta of its own.', { hint: 'Copy it from the trace of the run, and check its grants by hand.' });
  const grants = [...new Set(piece.actions.map((action) => grantText(action, workspace)))].sort();
  for (const grant of grants) parseGrant(grant, workspace);
  const { code: lifted, inputs } = await liftInputs(code, await taskOf(created.input, readBlob));
  const meta = { title: created.title, description: `Frozen from ${created.run}. It needs no model.`, grants, frozenFrom: { run: created.run, ...modelUseOf(events) }, ...(inputs.length === 0 ? {} : { input: inputSchemaOf(inputs) }) };
  return { path: `${chainFolder}/${name ?? chainSlug(created.title)}.ts`, grants, inputs, text: `${withMeta(lifted.trimEnd(), meta)}\n` };
}

/** Behind the imports, where a reader looks for it. */
function withMeta(code: string, meta: object): string {
  const lines = code.split('\n');
  const last = lines.findLastIndex((line) => /^\s*import\b.*;?\s*$/.test(line) && !/\bexport\b/.test(line));
  const declaration = `export const meta = ${JSON.stringify(meta, null, 2)};`;
  return [...lines.slice(0, last + 1), ...(last < 0 ? [] : ['']), declaration, '', ...lines.slice(last + 1)].join('\n');
}

/** The pieces of code that ended well, in the order in which they began. */
function piecesOf(events: readonly JournalEvent[]): readonly Piece[] {
  const started = new Map<string, EventOf<'step.started'>>();
  const ended = new Set<string>();
  const decisions: EventOf<'decision'>[] = [];
  for (const event of events) {
    if (event.type === 'step.started') started.set(event.step, event);
    else if (event.type === 'step.ended' && event.status === 'ok') ended.add(event.step);
    else if (event.type === 'decision' && event.outcome === 'allowed') decisions.push(event);
  }
  const within = (step: string | undefined, ancestor: string): boolean => step !== undefined && (step === ancestor || within(started.get(step)?.parent, ancestor));
  return [...started.values()].flatMap(({ step, kind, parent }) => {
    const tool = parent === undefined ? undefined : started.get(parent);
    if (kind !== 'chain' || tool?.name !== 'run_code' || tool.input === undefined || !ended.has(step)) return [];
    return [{ input: tool.input, actions: decisions.filter((decision) => within(decision.step, tool.step)).map(({ action }) => action) }];
  });
}

async function sourceOf(input: StoredValue, readBlob: FreezeOptions['readBlob']): Promise<string> {
  const value = await wholeValue(input, readBlob);
  if (typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'string') return value.code;
  throw new AssassinError('store-corrupt', 'The code of this task is not in its record.', { hint: 'Run the task again.' });
}

/** What a replay does not use again. */
function modelUseOf(events: readonly JournalEvent[]): { readonly tokens: number; readonly costUsd?: number } {
  const meters = events.filter((event): event is EventOf<'meter'> => event.type === 'meter');
  const sum = (...names: readonly string[]) => meters.filter(({ meter }) => names.includes(meter)).reduce((total, { value }) => total + value, 0);
  const costs = meters.filter(({ meter }) => meter === 'model.cost_usd');
  return { tokens: sum('model.input_tokens', 'model.output_tokens'), ...(costs.length > 0 && costs.every(({ mark }) => mark !== 'unknown') ? { costUsd: sum('model.cost_usd') } : {}) };
}

/** The person's words, and those of a plan that they approved. */
async function taskOf(input: StoredValue, readBlob: FreezeOptions['readBlob']): Promise<string> {
  const value = await wholeValue(input, readBlob);
  if (typeof value !== 'object' || value === null) return '';
  return ['task', 'told'].flatMap((field) => (field in value ? [String((value as Readonly<Record<string, unknown>>)[field])] : [])).join('\n');
}

/** Relative to the workspace, so that the chain holds on other machines too. */
export function grantText(action: string, workspace: string): string {
  const [, kind, path] = /^(fs\.(?:read|write)) (.+)$/s.exec(action) ?? [];
  if (kind === undefined || path === undefined) return action;
  const inside = relative(workspace, path);
  return inside === '' || inside.startsWith('..') || isAbsolute(inside) ? action : `${kind} ${inside.replaceAll(sep, '/')}`;
}

export function chainSlug(title: string): string {
  return title.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 40).replace(/-+$/, '') || 'frozen';
}
