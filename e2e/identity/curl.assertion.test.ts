/** curl and openssl alone: an assertion as a shell script signs it. */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { temporaryFolder } from '../product.ts';
import { serveCertifiedApps } from './certifiedApp.ts';
import { seatQuestion } from './seatQuestion.ts';

const { url, register } = await serveCertifiedApps();
const app = await register('RSA 2048');

const script = `
set -eu
encode() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }
now=$(date +%s)
header=$(printf '{\\n  "alg": "RS256",\\n  "typ": "JWT",\\n  "kid": "%s"\\n}' "$THUMBPRINT" | encode)
claims=$(printf '{\\n  "iss": "%s",\\n  "sub": "%s",\\n  "aud": "%s/connect/token",\\n  "jti": "%s",\\n  "nbf": %s,\\n  "exp": %s\\n}' \\
  "$CLIENT_ID" "$CLIENT_ID" "$URL" "$(openssl rand -hex 16)" "$now" "$((now + 3600))" | encode)
signature=$(printf '%s.%s' "$header" "$claims" | openssl dgst -sha256 -sign "$KEY_FILE" | encode)
token=$(curl -sS "$URL/connect/token" \\
  -d grant_type=client_credentials \\
  -d client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer \\
  -d "client_assertion=$header.$claims.$signature" \\
  -d scope=elements.license.read.all | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')
curl -sS -H "Authorization: Bearer $token" "$URL$SEATS"
`;

test('curl and openssl get a token with a certificate and ask for seats', async () => {
  await using folder = await temporaryFolder();
  const keyFile = join(folder.path, 'key.pem');
  await writeFile(keyFile, app.privateKey, { mode: 0o600 });
  const { PATH = '' } = process.env;
  const { stdout } = await promisify(execFile)('sh', ['-c', script], {
    env: {
      PATH,
      URL: url,
      SEATS: seatQuestion.path,
      CLIENT_ID: app.clientId,
      THUMBPRINT: app.thumbprint,
      KEY_FILE: keyFile,
    },
  });
  assert.deepEqual(JSON.parse(stdout), seatQuestion.answer);
});
