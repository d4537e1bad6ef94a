import { z } from 'zod';
import type { FastifyRequest } from 'fastify';
import { Failure } from '../domain/failures.ts';

type Kind = 'text' | 'number' | 'boolean' | 'list' | 'numbers';

/** Turns path, query and body of one operation into its parsed input. */
export type InputReader<T> = (request: FastifyRequest) => T;

/**
 * Query texts are converted by the schema's own types: lists may be repeated or carry commas, numbers and booleans are
 * read as such. What is left unclear the schema refuses, with the field named.
 */
export function inputReader<S extends z.ZodObject>(schema: S): InputReader<z.output<S>> {
  const kinds = new Map(
    Object.entries(schema.shape).map(([name, field]) => [name, kindOf(field as z.ZodType)]),
  );
  return (request) => {
    const raw: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(request.query as Record<string, unknown>)) {
      raw[name] = convert(kinds.get(name), value);
    }
    if (request.method !== 'GET' && typeof request.body === 'object' && request.body !== null) {
      Object.assign(raw, request.body);
    }
    for (const [name, value] of Object.entries(request.params as Record<string, unknown>)) {
      raw[name] = convert(kinds.get(name), value);
    }
    return parseInput(schema, raw);
  };
}

export function parseInput<S extends z.ZodType>(schema: S, raw: unknown): z.output<S> {
  const result = schema.safeParse(raw);
  if (result.success) return result.data;
  const details = result.error.issues
    .flatMap((issue) => complaintsOf(issue))
    .slice(0, 20)
    .map(({ path, problem }) => ({ field: path.join('.').slice(0, 200), problem: problem.slice(0, 300) }));
  const [first] = details;
  throw new Failure('invalid_input', {
    ...(first === undefined ? {} : { message: `${first.field || 'The request'}: ${first.problem}` }),
    details,
  });
}

interface Complaint {
  readonly path: readonly PropertyKey[];
  readonly problem: string;
}

/** One complaint for each field; of alternatives, those of the one that comes closest to what was sent. */
function complaintsOf(issue: z.core.$ZodIssue, above: readonly PropertyKey[] = []): Complaint[] {
  const path = [...above, ...issue.path];
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      path: [...path, key],
      problem: 'There is no field of this name here',
    }));
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const [closest = []] = issue.errors
      .map((branch) => branch.flatMap((inner) => complaintsOf(inner, path)))
      .toSorted((a, b) => shallow(a, path.length) - shallow(b, path.length));
    if (closest.length > 0) return closest;
  }
  return [{ path, problem: issue.message }];
}

/** How many complaints concern the fields of an alternative themselves; deeper ones mean that it was the one chosen. */
function shallow(complaints: readonly Complaint[], depth: number): number {
  return complaints.filter(({ path }) => path.length <= depth + 1).length;
}

function kindOf(field: z.ZodType): Kind {
  const inner = field instanceof z.ZodOptional ? (field.unwrap() as z.ZodType) : field;
  if (inner instanceof z.ZodNumber) return 'number';
  if (inner instanceof z.ZodBoolean) return 'boolean';
  if (inner instanceof z.ZodArray) return inner.element instanceof z.ZodNumber ? 'numbers' : 'list';
  return 'text';
}

function convert(kind: Kind | undefined, value: unknown): unknown {
  if (kind === 'list' || kind === 'numbers') {
    const items = (Array.isArray(value) ? value : [value])
      .flatMap((item) => String(item).split(','))
      .filter((item) => item !== '');
    return kind === 'numbers' ? items.map(Number) : items;
  }
  if (typeof value !== 'string') return value;
  if (kind === 'number') return value.trim() === '' ? value : Number(value);
  if (kind === 'boolean')
    return value === 'true' || value === '1' ? true : value === 'false' || value === '0' ? false : value;
  return value;
}
