import { parse } from 'yaml';

/** In a module of its own: the bundler gives a CommonJS package that is imported later a default export only, so that `parse` was not there. */
export const yamlValue = (text: string): unknown => parse(text);
