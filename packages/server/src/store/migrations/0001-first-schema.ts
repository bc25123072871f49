import type { Migration } from './migration.ts';

export const firstSchema: Migration = {
  version: 1,
  name: 'first schema',
  statements({ integerType: integer, identityColumn, clusteredTable, table, byteOrder }) {
    const text = `text ${byteOrder}`;
    return [
      `create table partners (
        partner_id ${identityColumn},
        name ${text} not null unique,
        created_at ${integer} not null,
        head_sequence ${integer} not null,
        head_recorded_at ${integer} not null,
        head_hash text not null
      ) ${table}`,
      `create table customers (
        partner_id ${integer} not null references partners,
        customer_id ${text} not null,
        organization ${text} not null,
        primary key (partner_id, customer_id)
      ) ${clusteredTable}`,
      `create table lines (
        partner_id ${integer} not null,
        customer_id ${text} not null,
        product_type ${integer} not null,
        line_id ${integer} not null,
        resource ${text} not null,
        seats ${integer} not null check (seats between 0 and 2147483647),
        starts_at ${integer} not null,
        start_given ${integer} not null check (start_given in (0, 1)),
        expires_at ${integer} check (expires_at >= starts_at),
        source ${text} not null,
        external_id ${text},
        licence_type text not null,
        changed_sequence ${integer} not null,
        primary key (partner_id, customer_id, product_type, line_id),
        foreign key (partner_id, customer_id) references customers
      ) ${clusteredTable}`,
      'create unique index lines_by_external_id on lines (partner_id, external_id) where external_id is not null',
      `create table assignments (
        partner_id ${integer} not null,
        customer_id ${text} not null,
        product_type ${integer} not null,
        user_id ${text} not null,
        primary key (partner_id, customer_id, product_type, user_id),
        foreign key (partner_id, customer_id) references customers
      ) ${clusteredTable}`,
      `create table seat_snapshots (
        partner_id ${integer} not null,
        customer_id ${text} not null,
        product_type ${integer} not null,
        sequence ${integer} not null,
        timeline text not null,
        assigned ${integer} not null check (assigned >= 0),
        primary key (partner_id, customer_id, product_type, sequence)
      ) ${clusteredTable}`,
      `create table changes (
        partner_id ${integer} not null references partners,
        last_sequence ${integer} not null,
        first_sequence ${integer} not null,
        recorded_at ${integer} not null,
        actor text not null,
        reason text,
        hash text not null,
        primary key (partner_id, last_sequence)
      ) ${clusteredTable}`,
      // Instants never decrease with sequences, so the last change by an instant is the last of its key.
      'create index changes_by_time on changes (partner_id, recorded_at, last_sequence)',
      `create table events (
        partner_id ${integer} not null references partners,
        sequence ${integer} not null,
        kind text not null,
        subject ${text} not null,
        customer_id ${text},
        before text,
        after text,
        primary key (partner_id, sequence)
      ) ${clusteredTable}`,
      `create table apps (
        client_id ${text} not null primary key,
        partner_id ${integer} not null references partners,
        name ${text} not null,
        permissions text not null,
        customer_scope text not null check (customer_scope in ('all', 'named')),
        revision text not null,
        created_at ${integer} not null
      ) ${clusteredTable}`,
      'create index apps_by_partner on apps (partner_id, name, client_id)',
      `create table app_customers (
        client_id ${text} not null references apps,
        customer_id ${text} not null,
        primary key (client_id, customer_id)
      ) ${clusteredTable}`,
      `create table app_secrets (
        client_id ${text} not null references apps,
        secret_id ${text} not null,
        hash text not null,
        last_four text not null,
        created_at ${integer} not null,
        expires_at ${integer} not null,
        primary key (client_id, secret_id)
      ) ${clusteredTable}`,
    ];
  },
};
