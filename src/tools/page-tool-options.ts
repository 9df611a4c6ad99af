/** What page tools get from the composition root. Without it, what needs it says so. */
export interface PageToolOptions {
  /** The bytes of a blob that the run has; `undefined` for any other. */
  readonly readBlob?: (run: string, blob: string) => Promise<Uint8Array | undefined>;
  /** Told of cookies and the like, so that they appear in no record, log or prompt. */
  readonly hide?: (values: Iterable<string>) => void;
  /** Where who is logged in is kept beyond a run; `store` is absent where nothing can be kept. */
  readonly secrets?: { readonly value: (name: string) => Promise<string | undefined>; readonly store?: (name: string, value: string) => Promise<void> };
  /** Where axe-core lies, the checker of accessibility. */
  readonly axe?: URL;
  readonly version?: string;
}
