/** What `serve --sample` tells a newcomer. The commands are pasted as they are, into any shell that speaks POSIX. */

import {
  type CustomerId,
  operations,
  parseCustomerId,
  type Product,
  productByType,
} from '@seatledger/contract';
import { operationPath } from '../connection/operationPath.ts';

/** A customer of the sample with seats of a product; `samples/README.md` says where they come from. */
const sampleQuestion: { readonly customer: CustomerId; readonly product: Product } = questionOf(
  '4de84505-fa99-5266-a644-e6bac921c6c9',
  2048,
);

function questionOf(customerText: string, productType: number): { customer: CustomerId; product: Product } {
  const customer = parseCustomerId(customerText);
  const product = productByType(productType);
  if (customer === undefined || product === undefined)
    throw new Error('the sample question is not of the contract');
  return { customer, product };
}

const seatsOperation = operations.getCustomerUserSeats;

/** The path that the second command asks for. */
export const sampleQuestionPath = operationPath(seatsOperation.path, {
  customerId: sampleQuestion.customer,
  productType: String(sampleQuestion.product.type),
});

export interface SampleServer {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** The two commands: one that keeps a token in the shell's variable TOKEN, one that asks for the seats with it. */
export function curlCommands({ url, clientId, clientSecret }: SampleServer): {
  token: string;
  seats: string;
} {
  const form = [
    'grant_type=client_credentials',
    `scope=${seatsOperation.permission}`,
    `client_id=${clientId}`,
    `client_secret=${clientSecret}`,
  ];
  const token = [
    `TOKEN=$(curl -sS ${shellWord(url + operations.issueToken.path)}`,
    ...form.map((field) => `  -d ${shellWord(field)}`),
  ].join(' \\\n');
  return {
    token: `${token} |\n  sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')`,
    seats: `curl -sS -H "Authorization: Bearer $TOKEN" \\\n  ${shellWord(url + sampleQuestionPath)}`,
  };
}

export function walkthroughText(server: SampleServer): string {
  const { token, seats } = curlCommands(server);
  const { customer, product } = sampleQuestion;
  return `seatledger listens on ${server.url}

The store was empty. It now holds the sample, and an app to try it with:

application id  ${server.clientId}
secret          ${server.clientSecret}   (shown this once)

Paste this to get a token:

${token}

and this to ask how many seats of ${product.name} the sample customer ${customer} has:

${seats}

`;
}

/** How to get at a store that has its apps already. */
export function anotherAppText({ url, dataFolder }: { url: string; dataFolder: string }): string {
  const create = `npx seatledger app create --name NAME --permission ${seatsOperation.permission}`;
  return `seatledger listens on ${url}

To make another app, stop the server and run

${create} --data ${shellWord(dataFolder)}

or, while it runs, as an app that holds seatledger.admin and what it gives:

${create} --server ${shellWord(url)} --client-id ID --client-secret-file FILE
`;
}

/** One word of a shell command, in quotes where the shell would read it as more. */
function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
