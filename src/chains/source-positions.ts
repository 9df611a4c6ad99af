import type { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import type { TransformResult } from 'sucrase';
import type { SourceLocation } from '../shared/errors.ts';

export type SourceMap = NonNullable<TransformResult['sourceMap']>;

interface Tracer {
  readonly map: TraceMap;
  readonly find: typeof originalPositionFor;
}

/** Maps places in the stripped code of one module back to its source. Lines are the same in both; columns differ behind removed types. */
export class ModulePositions {
  readonly file: string;
  readonly #tracer: Tracer | undefined;

  private constructor(file: string, tracer: Tracer | undefined) {
    this.file = file;
    this.#tracer = tracer;
  }

  /** Without a map, places are the same in both. */
  static async of(file: string, map: SourceMap | undefined): Promise<ModulePositions> {
    if (map === undefined) return new ModulePositions(file, undefined);
    const { TraceMap, originalPositionFor } = await import('@jridgewell/trace-mapping');
    return new ModulePositions(file, { map: new TraceMap({ ...map, version: 3 }), find: originalPositionFor });
  }

  /** Line and column count from 1, in and out. The column is that of the token before or at the place. */
  locate(line: number, column: number): SourceLocation {
    if (this.#tracer === undefined) return { file: this.file, line, column };
    const found = this.#tracer.find(this.#tracer.map, { line, column: Math.max(0, column - 1) });
    return { file: this.file, line, column: found.line === line ? found.column + 1 : 1 };
  }
}

/** Places of all modules of a program. */
export class SourcePositions {
  readonly #modules: ReadonlyMap<string, ModulePositions>;

  constructor(modules: ReadonlyMap<string, ModulePositions>) {
    this.#modules = modules;
  }

  get modules(): Iterable<string> {
    return this.#modules.keys();
  }

  has(module: string): boolean {
    return this.#modules.has(module);
  }

  /** `undefined` for modules that are not the person's. */
  locate(module: string, line: number, column: number): SourceLocation | undefined {
    return this.#modules.get(module)?.locate(line, column);
  }
}
