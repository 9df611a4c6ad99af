import * as vscode from 'vscode';
import { AssassinError } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import type { AttachedPicture } from '../shared/protocol-chat.ts';

const folderName = '.assassin/attachments';

/**
 * Attached pictures become files of the workspace that the words mention: so they are read through the gate like any other, stay with the record of
 * the task, and can be looked at and deleted by the person.
 */
export async function keepPictures(workspace: string | undefined, text: string, pictures: readonly AttachedPicture[]): Promise<string> {
  if (pictures.length === 0) return text;
  if (workspace === undefined) throw new AssassinError('invalid-input', 'Pictures need an open folder to be kept in.', { hint: 'Open a folder first.' });
  const folder = vscode.Uri.joinPath(vscode.Uri.file(workspace), folderName);
  await vscode.workspace.fs.createDirectory(folder);
  // They are notes for the moment, not a part of the project.
  await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(folder, '.gitignore'), new TextEncoder().encode('*\n'));
  const mentions = await Promise.all(pictures.map(async ({ mediaType, base64 }) => {
    const name = `${newId('pic')}.${mediaType.slice('image/'.length).replace('jpeg', 'jpg')}`;
    await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(folder, name), Buffer.from(base64, 'base64'));
    return `@file:${folderName}/${name}`;
  }));
  return `${text}\n\n${mentions.join(' ')}`;
}
