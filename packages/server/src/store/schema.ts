/** The tables, as the queries see them. Every key leads with the partner; instants are epoch milliseconds. */

import type { Generated } from 'kysely';

export interface Schema {
  /** What was migrated, and when. */
  schema_migrations: { version: number; name: string; applied_at: number };
  /** A partner and the head of its record. */
  partners: {
    partner_id: Generated<number>;
    name: string;
    created_at: number;
    head_sequence: number;
    head_recorded_at: number;
    head_hash: string;
  };
  customers: { partner_id: number; customer_id: string; organization: string };
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
    changed_sequence: number;
  };
  /** Who holds a seat. A user is one opaque text. */
  assignments: { partner_id: number; customer_id: string; product_type: number; user_id: string };
  /** One row for each holding and change that touched it; the last is what holds now. */
  seat_snapshots: {
    partner_id: number;
    customer_id: string;
    product_type: number;
    sequence: number;
    /** Steps over term time as JSON: [[at, purchased], …]. */
    timeline: string;
    assigned: number;
  };
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
    /** 'all', or 'named': then app_customers has them. */
    customer_scope: string;
    revision: string;
    created_at: number;
  };
  app_customers: { client_id: string; customer_id: string };
  app_secrets: {
    client_id: string;
    secret_id: string;
    hash: string;
    last_four: string;
    created_at: number;
    expires_at: number;
  };
}
