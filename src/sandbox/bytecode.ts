import { CompileFlags, EvalFlags, type QuickJS } from 'quickjs-wasi';
import type { EngineMemory } from './engine-memory.ts';
import { MemoryImage } from './memory-image.ts';
import { bootModule } from './module-names.ts';
import type { GuestSpec } from './protocol.ts';

/** What an engine made of sources, for an engine of the same build. It is not told from anything else: only ever what was compiled in this thread is run. */
export interface Bytecode {
  readonly boot: Uint8Array;
  readonly prelude: readonly Uint8Array[];
}

/**
 * Compiles what is there in every guest, takes the outcome out of the engine, and puts its memory back. To compile leaves holes between what is kept: what is read in without them lies in
 * fewer pages, and so do the values of a program, which would otherwise be scattered over the holes. `undefined` where the memory cannot be put back, or something cannot be compiled;
 * whoever evaluates the sources is told what.
 */
export function compileAhead(vm: QuickJS, memory: EngineMemory, bootSource: string, prelude: GuestSpec['prelude']): Bytecode | undefined {
  const before = new MemoryImage(memory, vm._getExports().__stack_pointer);
  const bytecode = compiled(vm, bootSource, prelude);
  return before.restore() === undefined ? undefined : bytecode;
}

function compiled(vm: QuickJS, bootSource: string, prelude: GuestSpec['prelude']): Bytecode | undefined {
  try {
    return {
      boot: vm.compile(bootSource, bootModule, 0, CompileFlags.STRIP_SOURCE),
      prelude: prelude.map(([name, source]) => vm.compile(source, name, EvalFlags.TYPE_MODULE, CompileFlags.STRIP_SOURCE)),
    };
  } catch {
    return undefined;
  }
}
