import * as vscode from 'vscode';
import { resourceFileName } from './resource-file-name.ts';

const scheme = 'assassin-resource';

interface Kept {
  readonly bytes: Uint8Array;
  readonly at: number;
}

/** What follows a resource while it is open. */
export type Following = () => Promise<AsyncDisposable | undefined>;

/** Resources of MCP servers as read-only files of the editor, which shows text and pictures as it does those of the workspace. They are there as long as a tab shows them. */
export class McpResourceFiles implements vscode.FileSystemProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changed.event;
  readonly #files = new Map<string, Kept>();
  readonly #followed = new Map<string, Promise<AsyncDisposable | undefined>>();

  readonly #registrations = vscode.Disposable.from(
    this.#changed, vscode.workspace.registerFileSystemProvider(scheme, this, { isReadonly: true, isCaseSensitive: true }), vscode.window.tabGroups.onDidChangeTabs(({ closed }) => this.#look(closed)),
  );

  /** The address of a resource in the editor; the name of the file says what it holds. */
  static uri(server: string, resource: string, mimeType: string | undefined): vscode.Uri {
    return vscode.Uri.from({ scheme, path: `/${server}/${resourceFileName(resource, mimeType)}`, query: resource });
  }

  /** Shows what a resource says now; an open tab shows it at once. */
  put(uri: vscode.Uri, bytes: Uint8Array): void {
    const key = uri.toString();
    const known = this.#files.get(key);
    // The editor compares times: two of one millisecond would be one.
    this.#files.set(key, { bytes, at: Math.max(Date.now(), (known?.at ?? 0) + 1) });
    if (known !== undefined) this.#changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }

  /** Follows it until its tabs are closed; once, however often it is opened. */
  follow(uri: vscode.Uri, following: Following): void {
    const key = uri.toString();
    if (!this.#followed.has(key)) this.#followed.set(key, following().catch(() => undefined));
  }

  dispose(): void {
    this.#registrations.dispose();
    for (const key of this.#files.keys()) this.#forget(key);
  }

  stat(uri: vscode.Uri): vscode.FileStat {
    const { bytes, at } = this.#file(uri);
    return { type: vscode.FileType.File, size: bytes.length, ctime: 0, mtime: at, permissions: vscode.FilePermission.Readonly };
  }

  readFile(uri: vscode.Uri): Uint8Array {
    return this.#file(uri).bytes;
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  watch(): vscode.Disposable {
    return { dispose: () => undefined };
  }

  writeFile(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  createDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  #file(uri: vscode.Uri): Kept {
    const file = this.#files.get(uri.toString());
    if (file === undefined) throw vscode.FileSystemError.FileNotFound(uri);
    return file;
  }

  #look(closed: readonly vscode.Tab[]): void {
    const open = new Set(vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.flatMap((tab) => uriOf(tab)?.toString() ?? [])));
    for (const tab of closed) {
      const uri = uriOf(tab);
      if (uri?.scheme === scheme && !open.has(uri.toString())) this.#forget(uri.toString());
    }
  }

  #forget(key: string): void {
    this.#files.delete(key);
    const followed = this.#followed.get(key);
    this.#followed.delete(key);
    void followed?.then((each) => each?.[Symbol.asyncDispose]()).catch(() => undefined);
  }
}

/** Text and pictures have tabs of several kinds; each of them names what it shows. */
function uriOf({ input }: vscode.Tab): vscode.Uri | undefined {
  return input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom ? input.uri : undefined;
}
