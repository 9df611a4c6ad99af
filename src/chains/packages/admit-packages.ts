import { AssassinError } from '../../shared/errors.ts';
import type { RunScope } from '../../run/run-scope.ts';
import type { Compilation } from '../compile.ts';

/** Asks the gate for each package of a program, and puts on record what its code was. Throws `denied` at the import. */
export async function admitPackages(scope: RunScope, { packages }: Compilation, step?: string): Promise<void> {
  for (const { name, version, hash, files, location } of packages) {
    try {
      await scope.gate.check({ kind: 'package', name }, step);
    } catch (error) {
      if (!AssassinError.isInstance(error) || location === undefined) throw error;
      throw new AssassinError(error.code, error.message, { location, cause: error, ...(error.hint === undefined ? {} : { hint: error.hint }), ...(error.data ? { data: error.data } : {}) });
    }
    scope.journal.append({ type: 'package.used', name, version, sha256: hash, files, ...(step === undefined ? {} : { step }) });
  }
}
