import { relative } from 'node:path';
import * as vscode from 'vscode';
import type { BrokenChain, ChainFile } from '../../chains/chain-file.ts';
import { AssassinError } from '../../shared/errors.ts';
import type { Json } from '../../shared/json.ts';
import { exampleInput } from '../example-input.ts';
import { launch, requireTrust } from '../launch.ts';
import { chainFolder } from '../names.ts';
import type { Services } from '../services.ts';
import { askForJson } from './ask-for-json.ts';
import { wholeValue } from '../../store/whole-value.ts';
import { chainFileOf } from './targets.ts';

export interface RunChainOptions {
  /** The same clock and random numbers in every run. */
  readonly deterministic?: boolean;
}

/** Runs a chain without asking, unless it needs an input that cannot be left out. Gives the run's id. */
export async function runChain(services: Services, target?: unknown, options: RunChainOptions = {}): Promise<string | undefined> {
  const chain = await chosenChain(services, target);
  if (!chain) return undefined;
  const input = (await checkOf(chain))({}) === undefined ? {} : await askForInput(services, chain);
  return input === undefined ? undefined : await start(services, chain, input, options);
}

export async function runChainWithInput(services: Services, target?: unknown): Promise<string | undefined> {
  const chain = await chosenChain(services, target);
  const input = chain && (await askForInput(services, chain));
  return chain === undefined || input === undefined ? undefined : await start(services, chain, input);
}

async function start(services: Services, chain: ChainFile | BrokenChain, input: Json, options: RunChainOptions = {}): Promise<string> {
  // What runs is what lies on the disk: the chain's own modules are saved first, as every task runner does.
  const dirty = vscode.workspace.textDocuments.filter((document) => document.isDirty && /[\\/]\.assassin[\\/].*\.m?ts$/.test(document.fileName));
  for (const document of dirty) await document.save();
  return launch(services, (runtime) => runtime.startChain(chain.path, input, options));
}

async function chosenChain({ chains, workspace }: Services, target: unknown): Promise<ChainFile | BrokenChain | undefined> {
  requireTrust();
  const file = chainFileOf(target);
  if (file !== undefined) return chains.find(file);
  const list = await chains.list();
  if (list.length === 0) throw new AssassinError('chain-not-found', vscode.l10n.t('There is no chain in {0}.', chainFolder), { hint: vscode.l10n.t('Make one with "New chain from template".') });
  const folder = workspace();
  const open = vscode.window.activeTextEditor?.document.uri.fsPath;
  const active = folder === undefined || open === undefined ? undefined : relative(folder, open).replaceAll('\\', '/');
  const items = list.map((chain) => ({ label: chain.title, description: 'problems' in chain ? vscode.l10n.t('has problems') : chain.name, detail: chain.description, chain }));
  // The chain in the editor stands first: Enter runs what one looks at.
  items.sort((a, b) => Number(b.chain.path === active) - Number(a.chain.path === active));
  return (await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Run which chain?'), matchOnDescription: true, matchOnDetail: true }))?.chain;
}

async function askForInput({ context, history, workspace }: Services, chain: ChainFile | BrokenChain): Promise<Json | undefined> {
  const schema = 'meta' in chain ? chain.meta.input : undefined;
  const folder = workspace();
  const last = folder === undefined ? undefined : (await history.runs({ workspace: folder, source: chain.path, limit: 1 })).items[0];
  const before = last && (await history.read(async (store) => wholeValue((await history.detail(last.id)).input, (hash) => store.blobs.read(hash))));
  const check = await checkOf(chain);
  const value = before !== undefined && check(before) === undefined ? before : exampleInput(schema);
  return askForJson(context, { title: vscode.l10n.t('Input of {0}', chain.title), prompt: promptOf(schema), value: JSON.stringify(value), check });
}

/** The fields that the chain describes, so that nobody has to look into its source. */
function promptOf(schema: Json | undefined): string {
  const properties = typeof schema === 'object' && schema !== null && !Array.isArray(schema) && 'properties' in schema ? schema.properties : undefined;
  const names = typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
  return names.length === 0 ? vscode.l10n.t('JSON') : vscode.l10n.t('JSON with {0}', names.join(', '));
}

async function checkOf(chain: ChainFile | BrokenChain): Promise<(input: Json) => string | undefined> {
  if (!('meta' in chain) || chain.meta.input === undefined) return () => undefined;
  const { inputCheck } = await import('../../chains/input-schema.ts');
  const check = inputCheck(chain.meta.input);
  return (input) => {
    if (typeof check !== 'function') return undefined;
    try {
      check(input);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };
}
