import { openApiDocument, operations, problems } from '@seatledger/contract';
import type { FastifyRequest } from 'fastify';
import { sendProblem } from '../problems.ts';
import type { Route } from '../route.ts';

export function reference(publicUrl: () => string, version: string): readonly Route[] {
  return [
    {
      operation: operations.getOpenApiDocument,
      answer: async () => openApiDocument({ publicUrl: publicUrl(), version }),
    },
    {
      operation: operations.describeProblem,
      async answer(request, reply) {
        const code = codeOf(request);
        const entry = Object.entries(problems).find(([known]) => known === code)?.[1];
        return entry === undefined ? sendProblem(reply, 'route_unknown') : { code, ...entry };
      },
    },
  ];
}

function codeOf(request: FastifyRequest): string {
  return (request.params as { code: string }).code;
}
