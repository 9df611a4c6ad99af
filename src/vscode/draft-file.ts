import * as vscode from 'vscode';
import type { KeptDrafts } from '../shared/protocol.ts';
import type { PanelMemory } from './panel-ports.ts';

/** Unsent words in a file of the editor's folder for this workspace: on the disk at once, where the editor may keep its own memory for a while before it writes it down. */
export function draftFile(folder: vscode.Uri | undefined, name: string): PanelMemory | undefined {
  if (folder === undefined) return undefined;
  const file = vscode.Uri.joinPath(folder, `${name}.json`);
  let writing = Promise.resolve();
  return {
    read: async () => {
      await writing;
      try {
        return JSON.parse(new TextDecoder().decode(await vscode.workspace.fs.readFile(file))) as KeptDrafts;
      } catch {
        // None yet, or cut off in the middle: then there are none.
        return undefined;
      }
    },
    // One after the other, so that the newest is what stays.
    keep: (kept) => {
      writing = writing.then(() => vscode.workspace.fs.writeFile(file, new TextEncoder().encode(JSON.stringify(kept)))).catch(() => undefined);
    },
  };
}
