import type { Migration } from './migration.ts';

export const firstSchema: Migration = {
  version: 1,
  name: 'first schema',
  statements({ integerType: integer, clusteredTable, table, byteOrder }) {
    const text = `text ${byteOrder}`;
    return [
      `create table partners (
        partner_id ${integer} not null primary key,
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
        owner_email ${text} not null,
        owner_key ${text},
        job_status ${integer} not null check (job_status between 0 and 6),
        country_or_region ${text} not null,
        management_mode ${integer} not null check (management_mode between 0 and 2),
        ordinal ${integer} not null,
        changed_sequence ${integer} not null,
        primary key (partner_id, customer_id)
      ) ${clusteredTable}`,
      'create unique index customers_by_ordinal on customers (partner_id, ordinal)',
      'create index customers_by_owner on customers (partner_id, owner_key) where owner_key is not null',
      `create table tenants (
        partner_id ${integer} not null,
        customer_id ${text} not null,
        tenant_id ${text} not null,
        tenant_type ${integer} not null check (tenant_type between 0 and 3),
        name ${text} not null,
        available_seats ${integer} not null check (available_seats between 0 and 2147483647),
        assigned_seats ${integer} not null check (assigned_seats between 0 and 2147483647),
        primary key (partner_id, customer_id, tenant_id),
        foreign key (partner_id, customer_id) references customers
      ) ${clusteredTable}`,
      `create table customer_groups (
        partner_id ${integer} not null references partners,
        group_id ${integer} not null,
        name ${text} not null,
        changed_sequence ${integer} not null,
        members_sequence ${integer} not null,
        primary key (partner_id, group_id),
        unique (partner_id, name)
      ) ${clusteredTable}`,
      `create table group_members (
        partner_id ${integer} not null,
        group_id ${integer} not null,
        customer_id ${text} not null,
        primary key (partner_id, group_id, customer_id),
        foreign key (partner_id, group_id) references customer_groups,
        foreign key (partner_id, customer_id) references customers
      ) ${clusteredTable}`,
      'create index group_members_by_customer on group_members (partner_id, customer_id, group_id)',
      `create table pools (
        partner_id ${integer} not null references partners,
        pool_id ${integer} not null,
        resource ${text} not null,
        seats ${integer} not null check (seats between 0 and 2147483647),
        starts_at ${integer} not null,
        expires_at ${integer} check (expires_at >= starts_at),
        source ${text} not null,
        changed_sequence ${integer} not null,
        primary key (partner_id, pool_id)
      ) ${clusteredTable}`,
      'create index pools_by_resource on pools (partner_id, resource, pool_id)',
      `create table pool_steps (
        partner_id ${integer} not null,
        pool_id ${integer} not null,
        starts_at ${integer} not null,
        occupied ${integer} not null check (occupied >= 0),
        primary key (partner_id, pool_id, starts_at),
        foreign key (partner_id, pool_id) references pools
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
        pool_id ${integer},
        details text not null,
        changed_sequence ${integer} not null,
        primary key (partner_id, customer_id, product_type, line_id),
        foreign key (partner_id, customer_id) references customers
      ) ${clusteredTable}`,
      'create unique index lines_by_external_id on lines (partner_id, external_id) where external_id is not null',
      'create index lines_by_pool on lines (partner_id, pool_id, line_id) where pool_id is not null',
      // The one place that has a person's address: erasing it there forgets the person.
      `create table users (
        partner_id ${integer} not null,
        customer_id ${text} not null,
        user_id ${text} not null,
        address ${text},
        primary key (partner_id, customer_id, user_id),
        foreign key (partner_id, customer_id) references customers
      ) ${clusteredTable}`,
      'create unique index users_by_address on users (partner_id, customer_id, address) where address is not null',
      `create table assignments (
        partner_id ${integer} not null,
        customer_id ${text} not null,
        product_type ${integer} not null,
        user_id ${text} not null,
        assigned_sequence ${integer} not null,
        primary key (partner_id, customer_id, product_type, user_id),
        foreign key (partner_id, customer_id, user_id) references users
      ) ${clusteredTable}`,
      `create table seat_snapshots (
        partner_id ${integer} not null,
        customer_id ${text} not null,
        product_type ${integer} not null,
        sequence ${integer} not null,
        timeline text not null,
        sources text not null,
        assigned ${integer} not null check (assigned >= 0),
        primary key (partner_id, customer_id, product_type, sequence)
      ) ${clusteredTable}`,
      // The last snapshot of each holding once more: to read a whole estate is to read this from one end to the other, however many
      // snapshots there are.
      `create table holdings (
        partner_id ${integer} not null,
        customer_id ${text} not null,
        product_type ${integer} not null,
        sequence ${integer} not null,
        timeline text not null,
        sources text not null,
        assigned ${integer} not null check (assigned >= 0),
        primary key (partner_id, customer_id, product_type)
      ) ${clusteredTable}`,
      'create index holdings_by_product on holdings (partner_id, product_type, customer_id)',
      `create table term_instants (
        partner_id ${integer} not null references partners,
        at ${integer} not null,
        primary key (partner_id, at)
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
        customer_scope text not null check (customer_scope in ('all', 'customers', 'groups')),
        revision text not null,
        disabled ${integer} not null check (disabled in (0, 1)),
        created_at ${integer} not null,
        changed_sequence ${integer} not null
      ) ${clusteredTable}`,
      'create index apps_by_partner on apps (partner_id, name, client_id)',
      `create table app_customers (
        client_id ${text} not null references apps,
        customer_id ${text} not null,
        primary key (client_id, customer_id)
      ) ${clusteredTable}`,
      `create table app_groups (
        client_id ${text} not null references apps,
        group_id ${integer} not null,
        primary key (client_id, group_id)
      ) ${clusteredTable}`,
      `create table app_credentials (
        client_id ${text} not null references apps,
        credential_id ${text} not null,
        kind text not null check (kind in ('secret', 'certificate')),
        hash text,
        last_four text,
        certificate text,
        created_at ${integer} not null,
        expires_at ${integer} not null,
        last_used_at ${integer},
        last_used_from text,
        primary key (client_id, credential_id)
      ) ${clusteredTable}`,
      `create table revoked_tokens (
        token_id ${text} not null primary key,
        expires_at ${integer} not null
      ) ${clusteredTable}`,
      'create index revoked_tokens_by_end on revoked_tokens (expires_at)',
      `create table used_assertions (
        client_id ${text} not null,
        assertion_hash ${text} not null,
        expires_at ${integer} not null,
        primary key (client_id, assertion_hash)
      ) ${clusteredTable}`,
      'create index used_assertions_by_end on used_assertions (expires_at)',
      `create table idempotency_keys (
        partner_id ${integer} not null references partners,
        actor ${text} not null,
        key ${text} not null,
        fingerprint text not null,
        result text,
        created_at ${integer} not null,
        primary key (partner_id, actor, key)
      ) ${clusteredTable}`,
      'create index idempotency_keys_by_time on idempotency_keys (partner_id, created_at)',
      // Only where the processes share a database: a data folder keeps its keys in files.
      `create table signing_keys (
        kid ${text} not null primary key,
        created_at ${integer} not null,
        encrypted text not null
      ) ${clusteredTable}`,
    ];
  },
};
