/** The tables, as the queries see them. Every key leads with the partner; instants are epoch milliseconds. */

export interface Schema {
  /** What was migrated, and when. */
  schema_migrations: { version: number; name: string; applied_at: number };
  /** A partner and the head of its record. */
  partners: {
    partner_id: number;
    name: string;
    created_at: number;
    head_sequence: number;
    head_recorded_at: number;
    head_hash: string;
  };
  customers: {
    partner_id: number;
    customer_id: string;
    organization: string;
    owner_email: string;
    /** The owner's address in lower case, to look it up; null where it is not known. */
    owner_key: string | null;
    job_status: number;
    country_or_region: string;
    management_mode: number;
    /** From 1 in the order in which the partner's customers came, without gaps: none is ever deleted. */
    ordinal: number;
    /** The event that the customer or one of its tenants last changed with. */
    changed_sequence: number;
  };
  tenants: {
    partner_id: number;
    customer_id: string;
    tenant_id: string;
    tenant_type: number;
    name: string;
    available_seats: number;
    assigned_seats: number;
  };
  customer_groups: {
    partner_id: number;
    group_id: number;
    name: string;
    changed_sequence: number;
    /** The event with which a customer last joined or left; the one that it was made with where none did. */
    members_sequence: number;
  };
  group_members: { partner_id: number; group_id: number; customer_id: string };
  pools: {
    partner_id: number;
    pool_id: number;
    resource: string;
    seats: number;
    starts_at: number;
    expires_at: number | null;
    source: string;
    changed_sequence: number;
  };
  /** What the grants of a pool occupy: from each step on, and to the next one. Before the first it is none. */
  pool_steps: { partner_id: number; pool_id: number; starts_at: number; occupied: number };
  lines: {
    partner_id: number;
    customer_id: string;
    product_type: number;
    line_id: number;
    resource: string;
    seats: number;
    starts_at: number;
    /** 1 where the start was given, else 0. */
    start_given: number;
    expires_at: number | null;
    source: string;
    external_id: string | null;
    licence_type: string;
    /** The pool that the line is a grant from; null for a line of its own. */
    pool_id: number | null;
    /** What else is known of the line, as a JSON object. */
    details: string;
    changed_sequence: number;
  };
  /** The people of a customer: a random id, and the address until it is erased. */
  users: { partner_id: number; customer_id: string; user_id: string; address: string | null };
  /** Who holds a seat. */
  assignments: {
    partner_id: number;
    customer_id: string;
    product_type: number;
    user_id: string;
    assigned_sequence: number;
  };
  /** One row for each holding and change that touched it; the last is what holds now. */
  seat_snapshots: {
    partner_id: number;
    customer_id: string;
    product_type: number;
    sequence: number;
    /** Steps over term time as JSON: [[at, purchased], …]. */
    timeline: string;
    /** Who says so, and over which term, as JSON: [[source, startsAt, expiresAt or null], …]. */
    sources: string;
    assigned: number;
  };
  /** The last snapshot of each holding. */
  holdings: {
    partner_id: number;
    customer_id: string;
    product_type: number;
    sequence: number;
    timeline: string;
    sources: string;
    assigned: number;
  };
  /** Every instant at which a line of the partner ever began or ended, or was to. */
  term_instants: { partner_id: number; at: number };
  changes: {
    partner_id: number;
    last_sequence: number;
    first_sequence: number;
    recorded_at: number;
    actor: string;
    reason: string | null;
    hash: string;
  };
  events: {
    partner_id: number;
    sequence: number;
    kind: string;
    subject: string;
    customer_id: string | null;
    before: string | null;
    after: string | null;
  };
  apps: {
    client_id: string;
    partner_id: number;
    name: string;
    /** The permissions as a JSON array. */
    permissions: string;
    /** 'all', 'customers': then app_customers has them, or 'groups': then app_groups has them. */
    customer_scope: string;
    revision: string;
    /** 1 where it is, else 0. */
    disabled: number;
    created_at: number;
    changed_sequence: number;
  };
  app_customers: { client_id: string; customer_id: string };
  app_groups: { client_id: string; group_id: number };
  app_credentials: {
    client_id: string;
    credential_id: string;
    /** 'secret': then hash and last_four are there, or 'certificate': then certificate is. */
    kind: string;
    hash: string | null;
    last_four: string | null;
    certificate: string | null;
    created_at: number;
    expires_at: number;
    last_used_at: number | null;
    last_used_from: string | null;
  };
  /** Tokens that were ended before their time, until they have expired. */
  revoked_tokens: { token_id: string; expires_at: number };
  /** Client assertions that were used, by the hash of their id, until they have expired. */
  used_assertions: { client_id: string; assertion_hash: string; expires_at: number };
  /** Writes that carried an Idempotency-Key: what was asked, and what it came to; no result where that may not be kept. */
  idempotency_keys: {
    partner_id: number;
    actor: string;
    key: string;
    fingerprint: string;
    result: string | null;
    created_at: number;
  };
  signing_keys: { kid: string; created_at: number; encrypted: string };
}
