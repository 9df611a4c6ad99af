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

/** A call of the guest's in the code that was run, as the sandbox reports it. Line and column count from 1. */
export interface Frame {
  readonly module: string;
  readonly line: number;
  readonly column: number;
  readonly function?: string;
}

export interface MappedStack {
  /** The innermost place in the person's own files, where the stack has one. */
  readonly location?: SourceLocation;
  /** The frames in the person's files, innermost first, each as `at name (file:line:column)`. */
  readonly frames: readonly string[];
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

  /** `undefined` for modules that are not the person's. */
  locate(module: string, line: number, column: number): SourceLocation | undefined {
    return this.#modules.get(module)?.locate(line, column);
  }

  /** Leaves out the frames of our own modules. */
  mapStack(stack: readonly Frame[]): MappedStack {
    const places = stack.flatMap(({ module, line, column, function: name = '<anonymous>' }) => {
      const location = this.locate(module, line, column);
      return location ? [{ name, location }] : [];
    });
    return {
      frames: places.map(({ name, location: { file, line, column } }) => `at ${name} (${file}:${line}:${column})`),
      ...(places[0] ? { location: places[0].location } : {}),
    };
  }
}
