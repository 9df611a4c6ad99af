import { Spec } from '../harness/spec.ts';

/** The tests that run inside the extension host. */
export const spec = new Spec<void>();
export const { describe, it, before, after, note } = spec;
