import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as z from 'zod';

/** What we read of a package.json; everything else is left alone. */
const schema = z.looseObject({
  name: z.string().optional().catch(undefined),
  version: z.string().optional().catch(undefined),
  type: z.string().optional().catch(undefined),
  main: z.string().optional().catch(undefined),
  module: z.string().optional().catch(undefined),
  /** Another entry, or other files (`false`: none) in place of some, for programs without Node. */
  browser: z.union([z.string(), z.record(z.string(), z.union([z.string(), z.literal(false)]))]).optional().catch(undefined),
  exports: z.unknown().optional(),
  imports: z.unknown().optional(),
  sideEffects: z.unknown().optional(),
});

export interface PackageJson {
  /** The folder that it lies in, absolute. */
  readonly folder: string;
  readonly data: z.infer<typeof schema>;
}

/** Reads each package.json once. */
export class PackageJsons {
  readonly #read = new Map<string, Promise<PackageJson | undefined>>();

  /** `undefined` where there is none, or none that can be read. */
  in(folder: string): Promise<PackageJson | undefined> {
    let reading = this.#read.get(folder);
    if (reading === undefined) this.#read.set(folder, (reading = read(folder)));
    return reading;
  }

  /** The nearest one above a file, up to `root`. */
  async above(file: string, root: string): Promise<PackageJson | undefined> {
    for (let folder = dirname(file); folder.startsWith(root); folder = dirname(folder)) {
      const found = await this.in(folder);
      if (found) return found;
      if (folder === dirname(folder)) break;
    }
    return undefined;
  }
}

async function read(folder: string): Promise<PackageJson | undefined> {
  try {
    const parsed = schema.safeParse(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')));
    return parsed.success ? { folder, data: parsed.data } : undefined;
  } catch {
    return undefined;
  }
}
