import type { AnyNode, Property, SpreadElement } from 'acorn';
import type { Json } from '../shared/json.ts';

/** Says which part of an expression has to be computed and therefore cannot be read without running it. */
export class NotLiteral extends Error {
  override readonly name = 'NotLiteral';
  readonly node: AnyNode;

  constructor(node: AnyNode, message: string) {
    super(message);
    this.node = node;
  }
}

/** The value of an expression that is written out: text, numbers, true, false, null, lists and objects. Throws `NotLiteral` at anything else. */
export function literalValue(node: AnyNode): Json {
  switch (node.type) {
    case 'Literal':
      if (node.value === null || typeof node.value === 'string' || typeof node.value === 'number' || typeof node.value === 'boolean') return node.value;
      break;
    case 'TemplateLiteral': {
      const text = node.quasis[0]?.value.cooked;
      if (node.expressions.length === 0 && typeof text === 'string') return text;
      break;
    }
    case 'UnaryExpression':
      if (node.operator === '-' && node.argument.type === 'Literal' && typeof node.argument.value === 'number') return -node.argument.value;
      break;
    case 'ArrayExpression':
      return node.elements.map((element) => {
        if (element === null) throw new NotLiteral(node, 'has a gap in a list');
        return literalValue(element);
      });
    case 'ObjectExpression':
      return Object.fromEntries(node.properties.map((property) => [keyOf(property), literalValue(valueOf(property))]));
    default:
      break;
  }
  throw new NotLiteral(node, 'is computed');
}

/** The node at a path of a literal, as near as there is one: an error about a missing field points to the object that lacks it. */
export function nodeAt(node: AnyNode, path: readonly PropertyKey[]): AnyNode {
  const [key, ...rest] = path;
  if (key === undefined) return node;
  const child = node.type === 'ArrayExpression' && typeof key === 'number' ? node.elements[key]
    : node.type === 'ObjectExpression' ? node.properties.find((property) => property.type === 'Property' && keyOf(property) === String(key))
    : undefined;
  if (!child) return node;
  return child.type === 'Property' ? nodeAt(child.value, rest) : nodeAt(child, rest);
}

/** The node of a key itself, for errors about the key. */
export function keyNodeAt(node: AnyNode, key: string): AnyNode {
  const property = node.type === 'ObjectExpression' ? node.properties.find((candidate) => candidate.type === 'Property' && keyOf(candidate) === key) : undefined;
  return property?.type === 'Property' ? property.key : node;
}

function keyOf(property: Property | SpreadElement): string {
  if (property.type === 'SpreadElement') throw new NotLiteral(property, 'is spread from elsewhere');
  if (property.computed || property.kind !== 'init' || property.method) throw new NotLiteral(property, 'is computed');
  if (property.key.type === 'Identifier') return property.key.name;
  if (property.key.type === 'Literal' && (typeof property.key.value === 'string' || typeof property.key.value === 'number')) return String(property.key.value);
  throw new NotLiteral(property.key, 'is computed');
}

function valueOf(property: Property | SpreadElement): AnyNode {
  return property.type === 'SpreadElement' ? property.argument : property.value;
}
