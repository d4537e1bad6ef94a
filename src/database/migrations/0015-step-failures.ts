import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** Assets that a step of many left as they were, each with the reason, so that just these can be tried again. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table step_failure (
      brand_id uuid not null,
      operation_id uuid not null,
      asset_id text not null,
      reason text not null,
      primary key (brand_id, operation_id, asset_id),
      foreign key (brand_id, operation_id) references operation (brand_id, id) on delete cascade,
      foreign key (brand_id, asset_id) references asset (brand_id, id) on delete cascade
    );
    create index step_failure_asset on step_failure (brand_id, asset_id);
    alter table step_failure enable row level security;
    alter table step_failure force row level security;
    create policy brand_wall on step_failure
      using (brand_id = nullif(current_setting('app.brand', true), '')::uuid)
      with check (brand_id = nullif(current_setting('app.brand', true), '')::uuid);
    grant select, insert, update, delete on step_failure to backlot_app;
  `.execute(db);
}
