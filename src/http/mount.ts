import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { OPERATIONS } from '../contract/operations.ts';
import type { OperationShape, PlainOperation } from '../contract/operations.ts';
import { ROUTES } from '../contract/routes.ts';
import type { OperationName } from '../contract/routes.ts';
import type { Actor, BrandScope } from '../domain/access.ts';
import type { Deps } from '../services/deps.ts';
import { HANDLERS } from '../services/handlers.ts';
import { enterPathBrand, identifyFor } from './identify.ts';
import { inputReader } from './input.ts';

/** Method and Fastify path of an operation. */
export function routeOf(name: OperationName): {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  url: string;
} {
  const [method, path] = ROUTES[name].split(' ') as ['GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', string];
  return { method, url: path.replaceAll(/\{(\w+)\}/g, ':$1') };
}

export function operationNames(): OperationName[] {
  return Object.keys(ROUTES) as OperationName[];
}

export function shapeOf(name: OperationName): OperationShape {
  return OPERATIONS[name];
}

/** Every operation that is JSON both ways becomes a route; those with raw bytes are written by hand beside this file. */
export function mountOperations(app: FastifyInstance, deps: Deps): void {
  for (const name of operationNames()) {
    const { raw } = shapeOf(name);
    if (raw === undefined) mount(app, deps, name as PlainOperation);
  }
}

type AnyHandler = (deps: Deps, caller: BrandScope | Actor, input: unknown) => Promise<unknown>;

function mount(app: FastifyInstance, deps: Deps, name: PlainOperation): void {
  const { input, output, verb } = shapeOf(name);
  const { method, url } = routeOf(name);
  const read = inputReader(input);
  const run = HANDLERS[name] as AnyHandler;
  const inBrand = url.includes(':b');
  app.route({
    method,
    url,
    // Compiled once; twice as fast as a general serialiser, and nothing outside the contract can leave.
    schema: { response: { 200: jsonSchema(output) } },
    handler: async (request) => {
      const needed = verb ?? 'read';
      const caller = inBrand
        ? await enterPathBrand(deps, request, needed)
        : await identifyFor(deps, request, needed);
      return run(deps, caller, read(request));
    },
  });
}

/** The schema of what goes out, in the dialect that the serialiser compiles. */
export function jsonSchema(type: z.ZodType): object {
  const { $schema: _, ...schema } = z.toJSONSchema(type, {
    target: 'draft-7',
    io: 'output',
    unrepresentable: 'any',
  });
  return schema;
}
