import * as vscode from 'vscode';
import type { Services } from '../services.ts';

/** Before-images are documents of the editor; nothing else of a review is there before somebody opens one. */
export function registerReview(services: Services): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider('assassin-before', {
    provideTextDocumentContent: async (uri) => (await import('./before-document.ts')).beforeText(services, uri),
  });
}
