import * as vscode from 'vscode';
import { functionDocuments, isCandidate } from '../lenses/function-lens.ts';
import type { Services } from '../services.ts';
import { runChain } from './run-chain.ts';
import { runFunctionDeterministically } from './run-function.ts';
import { chainFileOf, functionOf } from './targets.ts';

/** Runs what is given, or what the editor shows: a function of the open file, or a chain. The same code with the same input then gives the same result. */
export function runDeterministic(services: Services, target?: unknown): Promise<string | undefined> {
  const document = vscode.window.activeTextEditor?.document;
  const ofOpenFile = chainFileOf(target) === undefined && document !== undefined && vscode.languages.match(functionDocuments, document) > 0 && isCandidate(document);
  return functionOf(target) !== undefined || ofOpenFile ? runFunctionDeterministically(services, target) : runChain(services, target, { deterministic: true });
}
