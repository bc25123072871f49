/** What the command reads from environment variables; the server reads its own. */

export interface Environment {
  readonly databaseUrl: string | undefined;
  readonly server: string | undefined;
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
}

export function readEnvironment(variables: NodeJS.ProcessEnv = process.env): Environment {
  return {
    databaseUrl: present(variables['DATABASE_URL']),
    server: present(variables['SEATLEDGER_SERVER']),
    clientId: present(variables['SEATLEDGER_CLIENT_ID']),
    clientSecret: present(variables['SEATLEDGER_CLIENT_SECRET']),
  };
}

/** A variable that is set to nothing is how shells and compose files spell "not set". */
function present(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}
