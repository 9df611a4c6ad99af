import type * as vscode from 'vscode';
import { registerCommands } from './vscode/commands/register.ts';
import { registerEditing } from './vscode/editing/register.ts';
import { registerLenses } from './vscode/lenses/register.ts';
import { noteStart } from './shared/start-times.ts';
import { makeServices } from './vscode/make-services.ts';
import { registerMcpProvider } from './vscode/mcp-provider.ts';
import type { RuntimeHolder } from './vscode/runtime-holder.ts';
import { registerReview } from './vscode/review/register.ts';
import { registerViews } from './vscode/trees/register.ts';
import { watchChanges } from './vscode/watch-changes.ts';

let holder: RuntimeHolder | undefined;

/** Makes the views, lenses and commands known. Nothing is opened, read or started before somebody needs it. */
export function activate(context: vscode.ExtensionContext): void {
  const began = performance.now();
  const services = makeServices(context);
  holder = services.holder;
  context.subscriptions.push(registerCommands(services), registerViews(services), registerLenses(services), registerReview(services), registerEditing(services), registerMcpProvider(services), watchChanges(services));
  noteStart('activation', began);
}

/** Ends all runs, and waits until nothing of them is left. */
export async function deactivate(): Promise<void> {
  await holder?.[Symbol.asyncDispose]();
}
