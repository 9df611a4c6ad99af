/** A part of a file, as an editor knows it. Lines and columns count from 1. */
export interface EditorPlace {
  /** Absolute. */
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
}

export interface EditorSelection {
  /** Absolute; absent where it was never saved. */
  readonly path?: string;
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

export interface EditorProblem extends EditorPlace {
  readonly severity: 'error' | 'warning' | 'info' | 'hint';
  readonly message: string;
  /** Which program says so. */
  readonly source?: string;
}

export interface EditorSymbol extends EditorPlace {
  readonly name: string;
  /** For example `class` or `function`. */
  readonly kind: string;
  readonly container?: string;
}

/** What only an editor knows. Paths that it gives are as the person sees them; whoever passes them on asks the gate first. */
export interface EditorContext {
  selection(): Promise<EditorSelection | undefined>;
  /** Of one file, or of all that are known. */
  problems(path?: string): Promise<readonly EditorProblem[]>;
  /** What the active terminal shows; `undefined` where there is none. */
  terminal(): Promise<string | undefined>;
  symbols(query: string): Promise<readonly EditorSymbol[]>;
  outline(path: string): Promise<readonly EditorSymbol[]>;
  definitions(place: Omit<EditorPlace, 'endLine'>): Promise<readonly EditorPlace[]>;
  references(place: Omit<EditorPlace, 'endLine'>): Promise<readonly EditorPlace[]>;
}
