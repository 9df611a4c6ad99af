import type { JsonSchema } from '../shared/json.ts';
import { isMadeOf, isSchema, listOf, refName, resolveRef, type Schema } from './schema-refs.ts';
import { bracketed, docComment, indented, intersection, literal, neverType, propertyName, tight, union, unknownType, type TypeText } from './type-text.ts';

/** A schema deeper or larger than this is `unknown` from there on: it comes from a stranger, and the generator must come to an end. */
const maxDepth = 40;
const maxNodes = 20_000;

export interface SchemaTypeOptions {
  /** Gives a type name that nothing in the file has yet, made from this wish. */
  readonly newName: (wish: string) => string;
}

export interface SchemaType {
  readonly type: TypeText;
  /** Named types that `type` and each other refer to, as whole declarations. */
  readonly declarations: readonly string[];
}

/** Where a reference stands: in the bare body of a named type it may not lead back to that type. */
interface Place {
  readonly depth: number;
  readonly bareBodyOf?: Schema;
}

/** JSON Schema 2020-12 (and the draft-07 spellings that are common) as a TypeScript type. Whatever the schema leaves open is `unknown`. */
export function typeOfSchema(schema: JsonSchema, options: SchemaTypeOptions): SchemaType {
  return new Converter(schema, options).convert();
}

class Converter {
  readonly #root: JsonSchema;
  readonly #options: SchemaTypeOptions;
  readonly #names = new Map<Schema, string>();
  readonly #pending: Schema[] = [];
  #nodes = 0;

  constructor(root: JsonSchema, options: SchemaTypeOptions) {
    this.#root = root;
    this.#options = options;
  }

  convert(): SchemaType {
    const type = this.#type(this.#root, { depth: 0 });
    const declarations: string[] = [];
    for (let schema = this.#pending.shift(); schema !== undefined; schema = this.#pending.shift()) {
      const body = this.#type(schema, { depth: 0, bareBodyOf: schema });
      declarations.push(`${docComment(...docs(schema))}type ${this.#names.get(schema)!} = ${body.text};`);
    }
    return { type, declarations };
  }

  #type(schema: unknown, place: Place): TypeText {
    if (schema === false) return neverType;
    if (!isSchema(schema) || place.depth > maxDepth || ++this.#nodes > maxNodes) return unknownType;
    const below: Place = { ...place, depth: place.depth + 1 };
    const ref = schema['$ref'] ?? schema['$dynamicRef'];
    const alternatives = (key: string) => (Array.isArray(schema[key]) ? [union(listOf(schema[key]).map((part) => this.#type(part, below)))] : []);
    const whole = intersection([
      ...(typeof ref === 'string' ? [this.#reference(ref, place)] : []),
      this.#own(schema, below),
      ...alternatives('anyOf'),
      ...alternatives('oneOf'),
      ...listOf(schema['allOf']).map((part) => this.#type(part, below)),
    ]);
    return schema['nullable'] === true ? union([whole, tight('null')]) : whole;
  }

  #reference(ref: string, { bareBodyOf }: Place): TypeText {
    const target = resolveRef(this.#root, ref);
    if (target === false) return neverType;
    if (!isSchema(target) || (bareBodyOf !== undefined && isMadeOf(this.#root, target, bareBodyOf))) return unknownType;
    let name = this.#names.get(target);
    if (name === undefined) {
      name = this.#options.newName(refName(ref));
      this.#names.set(target, name);
      this.#pending.push(target);
    }
    return tight(name);
  }

  /** What the schema says by itself, without its references and combinations. */
  #own(schema: Schema, place: Place): TypeText {
    if ('const' in schema) return literal(schema['const']);
    if (Array.isArray(schema['enum'])) return union(schema['enum'].map(literal));
    const types = schema['type'] === undefined ? inferred(schema) : [schema['type']].flat();
    return types.length === 0 ? unknownType : union(types.map((type) => this.#ofType(type, schema, place)));
  }

  #ofType(type: unknown, schema: Schema, { depth }: Place): TypeText {
    // An object, array or tuple may refer to the type that it is part of.
    const inside: Place = { depth };
    switch (type) {
      case 'string':
      case 'boolean':
      case 'null':
      case 'number':
        return tight(type);
      case 'integer':
        return tight('number');
      case 'array':
        return this.#array(schema, inside);
      case 'object':
        return this.#object(schema, inside);
      default:
        return unknownType;
    }
  }

  #array(schema: Schema, place: Place): TypeText {
    const { items } = schema;
    const prefix = Array.isArray(schema['prefixItems']) ? schema['prefixItems'] : items;
    if (!Array.isArray(prefix)) return tight(items === undefined ? 'unknown[]' : `${bracketed(this.#type(items, place))}[]`);
    const rest = Array.isArray(items) ? schema['additionalItems'] : items;
    const required = typeof schema['minItems'] === 'number' ? schema['minItems'] : 0;
    const members = prefix.map((item, index) => {
      const text = this.#type(item, place);
      return index < required ? text.text : `${bracketed(text)}?`;
    });
    if (rest !== false) members.push(`...${bracketed(rest === undefined ? unknownType : this.#type(rest, place))}[]`);
    return tight(`[${members.join(', ')}]`);
  }

  #object(schema: Schema, place: Place): TypeText {
    const required = new Set(listOf(schema['required']).filter((name) => typeof name === 'string'));
    const properties = isSchema(schema['properties']) ? Object.entries(schema['properties']) : [];
    const known = new Set(properties.map(([name]) => name));
    const all = [...properties, ...[...required].filter((name) => !known.has(name)).map((name): [string, unknown] => [name, true])];
    const types: TypeText[] = [];
    const members = all.map(([name, property]) => {
      const type = this.#type(property, place);
      const optional = !required.has(name);
      types.push(...(optional ? [type, tight('undefined')] : [type]));
      return `${docComment(...docs(property))}${propertyName(name)}${optional ? '?' : ''}: ${type.text};`;
    });
    const patterns = isSchema(schema['patternProperties']) ? Object.values(schema['patternProperties']) : [];
    const open = [schema['additionalProperties'], schema['unevaluatedProperties']].find((value) => value !== undefined);
    const more = [...patterns, ...(open === undefined || open === false ? [] : [open])].map((part) => this.#type(part, place));
    if (members.length === 0 && more.length === 0) return tight(open === false ? '{ [key: string]: never }' : '{ [key: string]: unknown }');
    // TypeScript wants the named properties to fit the index signature too.
    if (more.length > 0) members.push(`[key: string]: ${union([...more, ...types]).text};`);
    return tight(`{\n  ${members.map(indented).join('\n  ')}\n}`);
  }
}

/** A schema without a type that speaks of properties means objects, whatever the standard says of other values. */
function inferred(schema: Schema): readonly string[] {
  if (['properties', 'required', 'additionalProperties', 'patternProperties'].some((key) => key in schema)) return ['object'];
  return 'items' in schema || 'prefixItems' in schema ? ['array'] : [];
}

function docs(schema: unknown): readonly string[] {
  if (!isSchema(schema)) return [];
  const { description, default: fallback, deprecated } = schema;
  return [
    typeof description === 'string' ? description : '',
    fallback === undefined ? '' : `@default ${JSON.stringify(fallback)}`,
    deprecated === true ? '@deprecated' : '',
  ];
}
