import { openApiDocument, operations, problems } from '@seatledger/contract';
import type { FastifyRequest } from 'fastify';
import { isAnsweredByTag, weakTag } from '../conditional.ts';
import { sendProblem } from '../problems.ts';
import type { Route } from '../route.ts';

export function reference(publicUrl: () => string, version: string): readonly Route[] {
  /** Made when it is first asked for: only then is the public URL known, which stays. */
  let made: { readonly document: object; readonly tag: string } | undefined;
  function makeDocument() {
    const document = openApiDocument({ publicUrl: publicUrl(), version });
    return { document, tag: weakTag([document]) };
  }
  return [
    {
      operation: operations.getOpenApiDocument,
      async answer(request, reply) {
        made ??= makeDocument();
        return isAnsweredByTag(request, reply, made.tag) ? reply : made.document;
      },
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
