import { listFiles, type FileListing } from './list-files.ts';

/** A list this old is still right enough for somebody who is typing. */
const freshMs = 5000;

/** The files of one workspace, listed anew when the list is old. Two who ask at once share one listing. */
export class FileIndex {
  readonly #workspace: string;
  #listing: { readonly at: number; readonly files: Promise<FileListing> } | undefined;

  constructor(workspace: string) {
    this.#workspace = workspace;
  }

  list(): Promise<FileListing> {
    const now = Date.now();
    if (this.#listing === undefined || now - this.#listing.at > freshMs) this.#listing = { at: now, files: listFiles(this.#workspace) };
    return this.#listing.files;
  }
}
