import { Option } from 'commander';
import { functionShapes } from '../../chains/functions/guest/adapters.ts';

/** `src/price.ts#parse`; without an export, the one that platforms of functions look for. */
export function parseTarget(target: string): { readonly file: string; readonly exportName: string | undefined } {
  const at = target.lastIndexOf('#');
  return at < 1 ? { file: target, exportName: undefined } : { file: target.slice(0, at), exportName: target.slice(at + 1) || undefined };
}

export function shapeOption(): Option {
  return new Option('--shape <shape>', 'how it wants to be called: plain input, AWS Lambda, the web\'s fetch (default: by the name and kind of the export)').choices([...functionShapes]);
}
