import { type Introspection, operations } from '@seatledger/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AuthenticatedClient, GrantToken, TokenAnswers } from '../../identity/index.ts';
import {
  type ClientOf,
  type Form,
  formFromWire,
  noStore,
  type Refusal,
  refuse,
  takeForms,
} from '../oauthForm.ts';
import type { Route } from '../route.ts';

/** The OAuth endpoints: each takes a form in which a client proves who it is. */
export function tokens(
  clientOf: ClientOf,
  {
    grantToken,
    answers,
    publicUrl,
  }: { grantToken: GrantToken; answers: TokenAnswers; publicUrl: () => string },
): readonly Route[] {
  /** Answers a client that has proved who it is. What the form lacks is said before: it costs no proof. */
  function endpoint(
    operation: Route['operation'],
    {
      lacks,
      answer,
    }: {
      lacks: (form: Form) => Refusal | undefined;
      answer: (
        authenticated: AuthenticatedClient,
        form: Form,
        sent: { request: FastifyRequest; reply: FastifyReply },
      ) => Promise<FastifyReply>;
    },
  ): Route {
    return {
      operation,
      prepare: takeForms,
      async answer(request, reply) {
        const read = formFromWire(request);
        if ('error' in read) return refuse(request, reply, read);
        const lack = lacks(read.form);
        if (lack !== undefined) return refuse(request, reply, lack);
        const authenticated = await clientOf(request, read.form);
        if ('error' in authenticated) return refuse(request, reply, authenticated);
        return answer(authenticated, read.form, { request, reply });
      },
    };
  }

  return [
    endpoint(operations.issueToken, {
      lacks: lacksGrantType,
      async answer(authenticated, form, { request, reply }) {
        const outcome = await grantToken(authenticated, form.get('scope'));
        if ('error' in outcome) return refuse(request, reply, outcome);
        return noStore(reply).send({
          access_token: outcome.accessToken,
          token_type: 'Bearer',
          expires_in: outcome.expiresInSeconds,
          scope: outcome.permissions.join(' '),
        });
      },
    }),
    endpoint(operations.revokeToken, {
      lacks: lacksToken,
      async answer({ client }, form, { request, reply }) {
        if ((await answers.revoke(client, form.get('token') ?? '')) === 'of_another') {
          const description = 'The token was issued to another client.';
          return refuse(request, reply, { error: 'invalid_grant', description });
        }
        return reply.header('cache-control', 'no-store').header('pragma', 'no-cache').send();
      },
    }),
    endpoint(operations.introspectToken, {
      lacks: lacksToken,
      async answer({ client }, form, { reply }) {
        const token = await answers.introspect(client, form.get('token') ?? '');
        const told: Introspection =
          token === undefined
            ? { active: false }
            : {
                active: true,
                scope: token.permissionsNow.join(' '),
                client_id: token.clientId,
                token_type: 'Bearer',
                exp: token.expiresAt / 1000,
                iat: token.issuedAt / 1000,
                sub: token.clientId,
                aud: publicUrl(),
                iss: publicUrl(),
                jti: token.tokenId,
              };
        return noStore(reply).send(told);
      },
    }),
  ];
}

function lacksGrantType(form: Form): Refusal | undefined {
  const grantType = form.get('grant_type');
  if (grantType === undefined)
    return { error: 'invalid_request', description: 'The form has no grant_type.' };
  if (grantType !== 'client_credentials')
    return { error: 'unsupported_grant_type', description: 'The only grant is client_credentials.' };
  return undefined;
}

function lacksToken(form: Form): Refusal | undefined {
  return form.has('token') ? undefined : { error: 'invalid_request', description: 'The form has no token.' };
}
