create table schema_migrations (version bigint not null primary key, name text not null, applied_at bigint not null);
create table partners (
        partner_id bigint not null primary key,
        name text collate "C" not null unique,
        created_at bigint not null,
        head_sequence bigint not null,
        head_recorded_at bigint not null,
        head_hash text not null
      ) ;
create table customers (
        partner_id bigint not null references partners,
        customer_id text collate "C" not null,
        organization text collate "C" not null,
        owner_email text collate "C" not null,
        owner_key text collate "C",
        job_status bigint not null check (job_status between 0 and 6),
        country_or_region text collate "C" not null,
        management_mode bigint not null check (management_mode between 0 and 2),
        ordinal bigint not null,
        changed_sequence bigint not null,
        primary key (partner_id, customer_id)
      ) ;
create unique index customers_by_ordinal on customers (partner_id, ordinal);
create index customers_by_owner on customers (partner_id, owner_key) where owner_key is not null;
create table tenants (
        partner_id bigint not null,
        customer_id text collate "C" not null,
        tenant_id text collate "C" not null,
        tenant_type bigint not null check (tenant_type between 0 and 3),
        name text collate "C" not null,
        available_seats bigint not null check (available_seats between 0 and 2147483647),
        assigned_seats bigint not null check (assigned_seats between 0 and 2147483647),
        primary key (partner_id, customer_id, tenant_id),
        foreign key (partner_id, customer_id) references customers
      ) ;
create table customer_groups (
        partner_id bigint not null references partners,
        group_id bigint not null,
        name text collate "C" not null,
        changed_sequence bigint not null,
        members_sequence bigint not null,
        primary key (partner_id, group_id),
        unique (partner_id, name)
      ) ;
create table group_members (
        partner_id bigint not null,
        group_id bigint not null,
        customer_id text collate "C" not null,
        primary key (partner_id, group_id, customer_id),
        foreign key (partner_id, group_id) references customer_groups,
        foreign key (partner_id, customer_id) references customers
      ) ;
create index group_members_by_customer on group_members (partner_id, customer_id, group_id);
create table pools (
        partner_id bigint not null references partners,
        pool_id bigint not null,
        resource text collate "C" not null,
        seats bigint not null check (seats between 0 and 2147483647),
        starts_at bigint not null,
        expires_at bigint check (expires_at >= starts_at),
        source text collate "C" not null,
        changed_sequence bigint not null,
        primary key (partner_id, pool_id)
      ) ;
create index pools_by_resource on pools (partner_id, resource, pool_id);
create table pool_steps (
        partner_id bigint not null,
        pool_id bigint not null,
        starts_at bigint not null,
        occupied bigint not null check (occupied >= 0),
        primary key (partner_id, pool_id, starts_at),
        foreign key (partner_id, pool_id) references pools
      ) ;
create table lines (
        partner_id bigint not null,
        customer_id text collate "C" not null,
        product_type bigint not null,
        line_id bigint not null,
        resource text collate "C" not null,
        seats bigint not null check (seats between 0 and 2147483647),
        starts_at bigint not null,
        start_given bigint not null check (start_given in (0, 1)),
        expires_at bigint check (expires_at >= starts_at),
        source text collate "C" not null,
        external_id text collate "C",
        licence_type text not null,
        pool_id bigint,
        details text not null,
        changed_sequence bigint not null,
        primary key (partner_id, customer_id, product_type, line_id),
        foreign key (partner_id, customer_id) references customers
      ) ;
create unique index lines_by_external_id on lines (partner_id, external_id) where external_id is not null;
create index lines_by_pool on lines (partner_id, pool_id, line_id) where pool_id is not null;
create table users (
        partner_id bigint not null,
        customer_id text collate "C" not null,
        user_id text collate "C" not null,
        address text collate "C",
        primary key (partner_id, customer_id, user_id),
        foreign key (partner_id, customer_id) references customers
      ) ;
create unique index users_by_address on users (partner_id, customer_id, address) where address is not null;
create table assignments (
        partner_id bigint not null,
        customer_id text collate "C" not null,
        product_type bigint not null,
        user_id text collate "C" not null,
        assigned_sequence bigint not null,
        primary key (partner_id, customer_id, product_type, user_id),
        foreign key (partner_id, customer_id, user_id) references users
      ) ;
create table seat_snapshots (
        partner_id bigint not null,
        customer_id text collate "C" not null,
        product_type bigint not null,
        sequence bigint not null,
        timeline text not null,
        sources text not null,
        assigned bigint not null check (assigned >= 0),
        primary key (partner_id, customer_id, product_type, sequence)
      ) ;
create table holdings (
        partner_id bigint not null,
        customer_id text collate "C" not null,
        product_type bigint not null,
        sequence bigint not null,
        timeline text not null,
        sources text not null,
        assigned bigint not null check (assigned >= 0),
        primary key (partner_id, customer_id, product_type)
      ) ;
create index holdings_by_product on holdings (partner_id, product_type, customer_id);
create table term_instants (
        partner_id bigint not null references partners,
        at bigint not null,
        primary key (partner_id, at)
      ) ;
create table changes (
        partner_id bigint not null references partners,
        last_sequence bigint not null,
        first_sequence bigint not null,
        recorded_at bigint not null,
        actor text not null,
        reason text,
        hash text not null,
        primary key (partner_id, last_sequence)
      ) ;
create index changes_by_time on changes (partner_id, recorded_at, last_sequence);
create table events (
        partner_id bigint not null references partners,
        sequence bigint not null,
        kind text not null,
        subject text collate "C" not null,
        customer_id text collate "C",
        before text,
        after text,
        primary key (partner_id, sequence)
      ) ;
create table apps (
        client_id text collate "C" not null primary key,
        partner_id bigint not null references partners,
        name text collate "C" not null,
        permissions text not null,
        customer_scope text not null check (customer_scope in ('all', 'customers', 'groups')),
        revision text not null,
        disabled bigint not null check (disabled in (0, 1)),
        created_at bigint not null,
        changed_sequence bigint not null
      ) ;
create index apps_by_partner on apps (partner_id, name, client_id);
create table app_customers (
        client_id text collate "C" not null references apps,
        customer_id text collate "C" not null,
        primary key (client_id, customer_id)
      ) ;
create table app_groups (
        client_id text collate "C" not null references apps,
        group_id bigint not null,
        primary key (client_id, group_id)
      ) ;
create table app_credentials (
        client_id text collate "C" not null references apps,
        credential_id text collate "C" not null,
        kind text not null check (kind in ('secret', 'certificate')),
        hash text,
        last_four text,
        certificate text,
        created_at bigint not null,
        expires_at bigint not null,
        last_used_at bigint,
        last_used_from text,
        primary key (client_id, credential_id)
      ) ;
create table revoked_tokens (
        token_id text collate "C" not null primary key,
        expires_at bigint not null
      ) ;
create index revoked_tokens_by_end on revoked_tokens (expires_at);
create table used_assertions (
        client_id text collate "C" not null,
        assertion_hash text collate "C" not null,
        expires_at bigint not null,
        primary key (client_id, assertion_hash)
      ) ;
create index used_assertions_by_end on used_assertions (expires_at);
create table idempotency_keys (
        partner_id bigint not null references partners,
        actor text collate "C" not null,
        key text collate "C" not null,
        fingerprint text not null,
        result text,
        created_at bigint not null,
        primary key (partner_id, actor, key)
      ) ;
create index idempotency_keys_by_time on idempotency_keys (partner_id, created_at);
create table signing_keys (
        kid text collate "C" not null primary key,
        created_at bigint not null,
        encrypted text not null
      ) ;
insert into schema_migrations (version, name, applied_at) values (1, 'first schema', 1795461831515);
insert into partners (partner_id, name, created_at, head_sequence, head_recorded_at, head_hash) values (1, 'one', 1795461831813, 14, 1798675200000, 'db12448d1f229f75d70c073ecc1d885a7e1d0aab4f77aa53eebe0ed14fd101c1');
insert into customers (partner_id, customer_id, organization, owner_email, owner_key, job_status, country_or_region, management_mode, ordinal, changed_sequence) values (1, 'contoso', 'Contoso Ltd', '', null, 0, '', 2, 1, 7);
insert into customers (partner_id, customer_id, organization, owner_email, owner_key, job_status, country_or_region, management_mode, ordinal, changed_sequence) values (1, 'fabrikam', 'Fabrikam', '', null, 0, '', 2, 2, 4);
insert into tenants (partner_id, customer_id, tenant_id, tenant_type, name, available_seats, assigned_seats) values (1, 'contoso', 'contoso.example', 0, 'Contoso', 5, 20);
insert into customer_groups (partner_id, group_id, name, changed_sequence, members_sequence) values (1, 8, 'north', 8, 9);
insert into group_members (partner_id, group_id, customer_id) values (1, 8, 'contoso');
insert into pools (partner_id, pool_id, resource, seats, starts_at, expires_at, source, changed_sequence) values (1, 10, 'Office365Backup', 500, 1798673400008, null, 'pool', 10);
insert into lines (partner_id, customer_id, product_type, line_id, resource, seats, starts_at, start_given, expires_at, source, external_id, licence_type, pool_id, details, changed_sequence) values (1, 'contoso', 2048, 5, 'Office365Backup', 25, 1798673400000, 0, null, 'import', null, 'enterprise', null, '{}', 5);
insert into lines (partner_id, customer_id, product_type, line_id, resource, seats, starts_at, start_given, expires_at, source, external_id, licence_type, pool_id, details, changed_sequence) values (1, 'contoso', 2048, 11, 'Office365Backup', 5, 1798673400008, 0, 1814313600000, 'api', null, 'enterprise', null, '{"package":"Standard"}', 11);
insert into lines (partner_id, customer_id, product_type, line_id, resource, seats, starts_at, start_given, expires_at, source, external_id, licence_type, pool_id, details, changed_sequence) values (1, 'fabrikam', 257, 6, 'TyGraphMicrosoft', 30, 1798673400000, 0, null, 'import', null, 'enterprise', null, '{}', 6);
insert into users (partner_id, customer_id, user_id, address) values (1, 'contoso', '4f41636e-e874-4c4b-9be1-b78c671f7647', null);
insert into users (partner_id, customer_id, user_id, address) values (1, 'contoso', '940103bd-11b4-4eec-ac3a-ba52eac9b485', 'grace@contoso.example');
insert into assignments (partner_id, customer_id, product_type, user_id, assigned_sequence) values (1, 'contoso', 2048, '4f41636e-e874-4c4b-9be1-b78c671f7647', 12);
insert into assignments (partner_id, customer_id, product_type, user_id, assigned_sequence) values (1, 'contoso', 2048, '940103bd-11b4-4eec-ac3a-ba52eac9b485', 13);
insert into seat_snapshots (partner_id, customer_id, product_type, sequence, timeline, sources, assigned) values (1, 'contoso', 2048, 5, '[[1798673400000,25]]', '[["import",1798673400000,null]]', 0);
insert into seat_snapshots (partner_id, customer_id, product_type, sequence, timeline, sources, assigned) values (1, 'contoso', 2048, 11, '[[1798673400000,25],[1798673400008,30],[1814313600000,25]]', '[["api",1798673400008,1814313600000],["import",1798673400000,null]]', 0);
insert into seat_snapshots (partner_id, customer_id, product_type, sequence, timeline, sources, assigned) values (1, 'contoso', 2048, 13, '[[1798673400000,25],[1798673400008,30],[1814313600000,25]]', '[["api",1798673400008,1814313600000],["import",1798673400000,null]]', 2);
insert into seat_snapshots (partner_id, customer_id, product_type, sequence, timeline, sources, assigned) values (1, 'fabrikam', 257, 6, '[[1798673400000,30]]', '[["import",1798673400000,null]]', 0);
insert into holdings (partner_id, customer_id, product_type, sequence, timeline, sources, assigned) values (1, 'contoso', 2048, 13, '[[1798673400000,25],[1798673400008,30],[1814313600000,25]]', '[["api",1798673400008,1814313600000],["import",1798673400000,null]]', 2);
insert into holdings (partner_id, customer_id, product_type, sequence, timeline, sources, assigned) values (1, 'fabrikam', 257, 6, '[[1798673400000,30]]', '[["import",1798673400000,null]]', 0);
insert into term_instants (partner_id, at) values (1, 1798673400000);
insert into term_instants (partner_id, at) values (1, 1798673400008);
insert into term_instants (partner_id, at) values (1, 1814313600000);
insert into changes (partner_id, last_sequence, first_sequence, recorded_at, actor, reason, hash) values (1, 1, 1, 1795461831815, 'operator', null, 'a97da1475c603f71c4f16e15d566515d48bd2552c487a21b77a7ea234296deec');
insert into changes (partner_id, last_sequence, first_sequence, recorded_at, actor, reason, hash) values (1, 2, 2, 1795461831819, 'operator', null, 'c1188597f2fdf856870fcbac9cbd21db2f2e7a305cf36d6ba3c9e586cf7209c0');
insert into changes (partner_id, last_sequence, first_sequence, recorded_at, actor, reason, hash) values (1, 6, 3, 1798673400008, 'app:b3b4608b-86a4-40b4-9918-00e3bf6729e7', null, '5ca63281d7d7cf11d8730e22bf983ef4597998e22306817e6486d1161427b8ea');
insert into changes (partner_id, last_sequence, first_sequence, recorded_at, actor, reason, hash) values (1, 7, 7, 1798673400008, 'app:b3b4608b-86a4-40b4-9918-00e3bf6729e7', null, '57e59d400db7fdae6d718fdfc7be3db10dd6ca533f383242dc51edb684bf19a8');
insert into changes (partner_id, last_sequence, first_sequence, recorded_at, actor, reason, hash) values (1, 8, 8, 1798673400008, 'app:b3b4608b-86a4-40b4-9918-00e3bf6729e7', null, '12bdbced976b60c2608701bc2f98574e19fa6bc7d8ce3adcfeba0918f11493c8');
insert into changes (partner_id, last_sequence, first_sequence, recorded_at, actor, reason, hash) values (1, 9, 9, 1798673400008, 'app:b3b4608b-86a4-40b4-9918-00e3bf6729e7', null, 'd40cd60b51d077fbaa248fa3ae1e805db31809806d2ac0bbb714cbc466464add');
insert into changes (partner_id, last_sequence, first_sequence, recorded_at, actor, reason, hash) values (1, 10, 10, 1798673400008, 'app:b3b4608b-86a4-40b4-9918-00e3bf6729e7', null, '616a3d320a34b3803aab9065165876e7a8e41cf88b381f8e7410f8cdd20a62b8');
insert into changes (partner_id, last_sequence, first_sequence, recorded_at, actor, reason, hash) values (1, 11, 11, 1798673400008, 'app:b3b4608b-86a4-40b4-9918-00e3bf6729e7', null, '328dc93bd8da892cff0a6e6f64609b6b013db1babf6e23bc63663c038472f3db');
insert into changes (partner_id, last_sequence, first_sequence, recorded_at, actor, reason, hash) values (1, 13, 12, 1798673400008, 'app:b3b4608b-86a4-40b4-9918-00e3bf6729e7', null, 'a6cd3cd548b4e7d295a9d670a9d30875b64d9273fcdf987f8e85a9cbc116be78');
insert into changes (partner_id, last_sequence, first_sequence, recorded_at, actor, reason, hash) values (1, 14, 14, 1798675200000, 'app:b3b4608b-86a4-40b4-9918-00e3bf6729e7', null, 'db12448d1f229f75d70c073ecc1d885a7e1d0aab4f77aa53eebe0ed14fd101c1');
insert into events (partner_id, sequence, kind, subject, customer_id, before, after) values (1, 1, 'partner.created', 'one', null, null, '{"name":"one"}');
insert into events (partner_id, sequence, kind, subject, customer_id, before, after) values (1, 2, 'app.created', 'b3b4608b-86a4-40b4-9918-00e3bf6729e7', null, null, '{"clientId":"b3b4608b-86a4-40b4-9918-00e3bf6729e7","name":"admin","permissions":["elements.customers.read.all","elements.customers.readwrite.all","elements.license.read.all","elements.license.readwrite.all","elements.scanprofiles.read.all","elements.jobs.read.all","elements.cbprotected.read.all","elements.bm.baseline.read.all","elements.bm.baseline.readwrite.all","elements.bm.tenant.read.all","elements.bm.tenant.readwrite.all","elements.rm.read.all","elements.um.user.read.all","elements.um.user.readwrite.all","elements.wm.read.all","elements.report.read.all","elements.t2.license.read.all","elements.t2.license.readwrite.all","elements.t2.resellers.read.all","partner.customers.read.all","partner.license.read.all","partner.jobs.read.all","partner.scanprofiles.read.all","partner.cbprotected.read.all","seatledger.read","seatledger.write","seatledger.admin"],"customers":"all","groups":null,"revision":"2025-09-26","disabled":false,"credentials":["f299dc9c-28dd-4508-a310-204c245a87e6"]}');
insert into events (partner_id, sequence, kind, subject, customer_id, before, after) values (1, 3, 'customer.created', 'contoso', 'contoso', null, '{"customerId":"contoso","organization":"Contoso Ltd","ownerEmail":"","jobStatus":0,"countryOrRegion":"","managementMode":2}');
insert into events (partner_id, sequence, kind, subject, customer_id, before, after) values (1, 4, 'customer.created', 'fabrikam', 'fabrikam', null, '{"customerId":"fabrikam","organization":"Fabrikam","ownerEmail":"","jobStatus":0,"countryOrRegion":"","managementMode":2}');
insert into events (partner_id, sequence, kind, subject, customer_id, before, after) values (1, 5, 'line.added', '5', 'contoso', null, '{"customerId":"contoso","productType":2048,"resource":"Office365Backup","seats":25,"startsAt":"2026-12-30T23:30:00.000Z","startGiven":false,"expiresAt":null,"source":"import","externalId":null,"licenceType":"enterprise","poolId":null,"details":{}}');
insert into events (partner_id, sequence, kind, subject, customer_id, before, after) values (1, 6, 'line.added', '6', 'fabrikam', null, '{"customerId":"fabrikam","productType":257,"resource":"TyGraphMicrosoft","seats":30,"startsAt":"2026-12-30T23:30:00.000Z","startGiven":false,"expiresAt":null,"source":"import","externalId":null,"licenceType":"enterprise","poolId":null,"details":{}}');
insert into events (partner_id, sequence, kind, subject, customer_id, before, after) values (1, 7, 'tenant.set', 'contoso.example', 'contoso', null, '{"tenantId":"contoso.example","type":0,"name":"Contoso","availableSeats":5,"assignedSeats":20}');
insert into events (partner_id, sequence, kind, subject, customer_id, before, after) values (1, 8, 'group.created', '8', null, null, '{"name":"north"}');
insert into events (partner_id, sequence, kind, subject, customer_id, before, after) values (1, 9, 'group.joined', '8', 'contoso', null, '{"customerId":"contoso"}');
insert into events (partner_id, sequence, kind, subject, customer_id, before, after) values (1, 10, 'pool.added', '10', null, null, '{"resource":"Office365Backup","seats":500,"startsAt":"2026-12-30T23:30:00.008Z","expiresAt":null,"source":"pool"}');
insert into events (partner_id, sequence, kind, subject, customer_id, before, after) values (1, 11, 'line.added', '11', 'contoso', null, '{"customerId":"contoso","productType":2048,"resource":"Office365Backup","seats":5,"startsAt":"2026-12-30T23:30:00.008Z","startGiven":false,"expiresAt":"2027-06-30T00:00:00.000Z","source":"api","externalId":null,"licenceType":"enterprise","poolId":null,"details":{"package":"Standard"}}');
insert into events (partner_id, sequence, kind, subject, customer_id, before, after) values (1, 12, 'seat.assigned', '4f41636e-e874-4c4b-9be1-b78c671f7647', 'contoso', null, '{"customerId":"contoso","productType":2048,"userId":"4f41636e-e874-4c4b-9be1-b78c671f7647"}');
insert into events (partner_id, sequence, kind, subject, customer_id, before, after) values (1, 13, 'seat.assigned', '940103bd-11b4-4eec-ac3a-ba52eac9b485', 'contoso', null, '{"customerId":"contoso","productType":2048,"userId":"940103bd-11b4-4eec-ac3a-ba52eac9b485"}');
insert into events (partner_id, sequence, kind, subject, customer_id, before, after) values (1, 14, 'user.erased', '4f41636e-e874-4c4b-9be1-b78c671f7647', 'contoso', null, null);
insert into apps (client_id, partner_id, name, permissions, customer_scope, revision, disabled, created_at, changed_sequence) values ('b3b4608b-86a4-40b4-9918-00e3bf6729e7', 1, 'admin', '["elements.customers.read.all","elements.customers.readwrite.all","elements.license.read.all","elements.license.readwrite.all","elements.scanprofiles.read.all","elements.jobs.read.all","elements.cbprotected.read.all","elements.bm.baseline.read.all","elements.bm.baseline.readwrite.all","elements.bm.tenant.read.all","elements.bm.tenant.readwrite.all","elements.rm.read.all","elements.um.user.read.all","elements.um.user.readwrite.all","elements.wm.read.all","elements.report.read.all","elements.t2.license.read.all","elements.t2.license.readwrite.all","elements.t2.resellers.read.all","partner.customers.read.all","partner.license.read.all","partner.jobs.read.all","partner.scanprofiles.read.all","partner.cbprotected.read.all","seatledger.read","seatledger.write","seatledger.admin"]', 'all', '2025-09-26', 0, 1795461831818, 2);
insert into app_credentials (client_id, credential_id, kind, hash, last_four, certificate, created_at, expires_at, last_used_at, last_used_from) values ('b3b4608b-86a4-40b4-9918-00e3bf6729e7', 'f299dc9c-28dd-4508-a310-204c245a87e6', 'secret', 'a8357fb52ee8cd4946c692b8c7cc641914a6397ea97e07a16e879273188cf186', 'uo4o', null, 1795461831818, 1826997831818, 1798673400000, '127.0.0.1');
insert into idempotency_keys (partner_id, actor, key, fingerprint, result, created_at) values (1, 'app:b3b4608b-86a4-40b4-9918-00e3bf6729e7', 'kept', '16c65d5359d79fd46f4601e998c9995ee719201dca9ce2de5f0f4978f4c7f7f7', '{"customerId":"contoso","productType":2048,"resource":"Office365Backup","seats":5,"startsAt":1798673400008,"source":"api","licenceType":"enterprise","poolId":null,"startGiven":false,"expiresAt":1814313600000,"externalId":null,"details":{"package":"Standard"},"lineId":11,"changedSequence":11}', 1798673400000);
